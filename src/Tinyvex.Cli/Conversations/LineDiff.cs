namespace Tinyvex.Cli.Conversations;

/// <summary>
/// The shortest way from one text to another, line by line (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986). Its cost grows
/// with the square of the changes, so beyond a bound the changed part is one block: all of it removed, all of it added.
/// </summary>
internal static class LineDiff
{
    /// <summary>Changes up to which the shortest way is looked for: more than anyone reads, and done in some milliseconds.</summary>
    public const int MaxChanges = 1000;

    public static List<DiffLine> Between(string[] before, string[] after)
    {
        var start = 0;
        while (start < before.Length && start < after.Length && before[start] == after[start]) start++;
        var end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)]) end++;

        var lines = new List<DiffLine>();
        lines.AddRange(before[..start].Select(line => new DiffLine(' ', line)));
        lines.AddRange(Changed(before[start..^end], after[start..^end]));
        lines.AddRange(before[^end..].Select(line => new DiffLine(' ', line)));
        return lines;
    }

    private static List<DiffLine> Changed(string[] before, string[] after) =>
        Reached(before, after) is { } reached
            ? [.. WayBack(before, after, reached)]
            : [.. before.Select(line => new DiffLine('-', line)), .. after.Select(line => new DiffLine('+', line))];

    /// <summary>
    /// For each number of changes, how far into <paramref name="before"/> one gets on each diagonal; null where the bound is reached first.
    /// Diagonal k is at index k + changes.
    /// </summary>
    private static List<int[]>? Reached(string[] before, string[] after)
    {
        var all = new List<int[]>();
        for (var changes = 0; changes <= Math.Min(MaxChanges, before.Length + after.Length); changes++)
        {
            var now = new int[(2 * changes) + 1];
            for (var k = -changes; k <= changes; k += 2)
            {
                var x = changes == 0 ? 0 : Step(all[^1], changes, k);
                var y = x - k;
                while (x < before.Length && y < after.Length && before[x] == after[y]) (x, y) = (x + 1, y + 1);
                now[k + changes] = x;
                if (x < before.Length || y < after.Length) continue;
                all.Add(now);
                return all;
            }

            all.Add(now);
        }

        return null;
    }

    /// <summary>Onto diagonal k with one more change: by a line removed, or by one added.</summary>
    private static int Step(int[] last, int changes, int k) => IsAddition(last, changes, k) ? At(last, changes, k + 1) : At(last, changes, k - 1) + 1;

    private static bool IsAddition(int[] last, int changes, int k) =>
        k == -changes || (k != changes && At(last, changes, k - 1) < At(last, changes, k + 1));

    private static int At(int[] last, int changes, int k) => last[k + changes - 1];

    private static Stack<DiffLine> WayBack(string[] before, string[] after, List<int[]> reached)
    {
        var way = new Stack<DiffLine>();
        var (x, y) = (before.Length, after.Length);
        for (var changes = reached.Count - 1; changes > 0; changes--)
        {
            var k = x - y;
            var isAddition = IsAddition(reached[changes - 1], changes, k);
            var from = At(reached[changes - 1], changes, isAddition ? k + 1 : k - 1);
            var onto = isAddition ? from : from + 1;
            while (x > onto) (x, y) = Same(way, before, x, y);
            way.Push(isAddition ? new DiffLine('+', after[--y]) : new DiffLine('-', before[--x]));
        }

        while (x > 0) (x, y) = Same(way, before, x, y);
        return way;
    }

    private static (int X, int Y) Same(Stack<DiffLine> way, string[] before, int x, int y)
    {
        way.Push(new DiffLine(' ', before[x - 1]));
        return (x - 1, y - 1);
    }
}
