using System.Diagnostics;
using Tinyvex.Cli.Conversations;

namespace Tinyvex.Tests.Terminal;

public class LineDiffTests
{
    [Test]
    [Arguments("", "", "")]
    [Arguments("", "a", "+a")]
    [Arguments("a", "", "-a")]
    [Arguments("abc", "abc", " a b c")]
    [Arguments("abc", "axc", " a-b+x c")]
    [Arguments("abc", "abxc", " a b+x c")]
    [Arguments("abcabba", "cbabac", "-a-b c+b a b-b a+c")]
    public async Task It_is_a_shortest_way(string before, string after, string expected) =>
        await Assert.That(string.Concat(Between(before, after).Select(line => $"{line.Sign}{line.Text}"))).IsEqualTo(expected);

    [Test]
    public async Task Whatever_the_texts_it_leads_from_one_to_the_other_and_is_not_longer_than_it_must_be()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var (before, after) = (Text(random), Text(random));
            var lines = Between(before, after);

            await Assert.That(string.Concat(lines.Where(line => line.Sign != '+').Select(line => line.Text))).IsEqualTo(before);
            await Assert.That(string.Concat(lines.Where(line => line.Sign != '-').Select(line => line.Text))).IsEqualTo(after);
            await Assert.That(lines.Count(line => line.Sign == ' ')).IsEqualTo(LongestCommon(before, after)).Because($"{before} to {after}");
        }
    }

    [Test]
    public async Task Texts_with_nothing_in_common_are_one_block_and_take_no_time()
    {
        var before = Enumerable.Range(0, 50_000).Select(i => $"a{i}").ToArray();
        var after = Enumerable.Range(0, 50_000).Select(i => $"b{i}").ToArray();
        var watch = Stopwatch.StartNew();
        var lines = LineDiff.Between(before, after);

        await Assert.That(watch.Elapsed).IsLessThan(TimeSpan.FromSeconds(5));
        await Assert.That(lines.Take(50_000).All(line => line.Sign == '-')).IsTrue();
        await Assert.That(lines.Skip(50_000).All(line => line.Sign == '+')).IsTrue();
    }

    [Test]
    public async Task The_shortest_way_is_looked_for_up_to_the_bound()
    {
        string[] Every(int changed, string with) => [.. Enumerable.Range(0, changed).SelectMany(i => new[] { $"{with}{i}", $"same{i}" })];
        var within = LineDiff.Between(Every(LineDiff.MaxChanges / 2, "a"), Every(LineDiff.MaxChanges / 2, "b"));
        var beyond = LineDiff.Between(Every((LineDiff.MaxChanges / 2) + 1, "a"), Every((LineDiff.MaxChanges / 2) + 1, "b"));

        await Assert.That(within.Count(line => line.Sign == ' ')).IsEqualTo(LineDiff.MaxChanges / 2);
        // The end in common is always found.
        await Assert.That(beyond.Count(line => line.Sign == ' ')).IsEqualTo(1);
    }

    private static List<DiffLine> Between(string before, string after) => LineDiff.Between(Lines(before), Lines(after));

    private static string[] Lines(string text) => [.. text.Select(c => c.ToString())];

    private static string Text(Random random) => new([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)('a' + random.Next(4)))]);

    private static int LongestCommon(string a, string b)
    {
        var length = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                length[i, j] = a[i - 1] == b[j - 1] ? length[i - 1, j - 1] + 1 : Math.Max(length[i - 1, j], length[i, j - 1]);
            }
        }

        return length[a.Length, b.Length];
    }
}
