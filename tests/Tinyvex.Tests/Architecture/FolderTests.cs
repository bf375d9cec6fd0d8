using System.Text.RegularExpressions;

namespace Tinyvex.Tests.Architecture;

/// <summary>Folders use each other as ARCHITECTURE.md says, which is where the rule is written down and read from.</summary>
public class FolderTests
{
    private const string Document = "ARCHITECTURE.md";

    /// <summary>What stands in no folder of the server: options, errors, ids.</summary>
    private const string Root = "root";

    private const string Cli = "Tinyvex.Cli";

    private const string Everything = "everything";

    [Test]
    public async Task A_folder_uses_only_the_folders_it_may()
    {
        var allowed = Allowed();
        await Repository.NoneOf(
            from use in Uses()
            where !allowed[use.From].Contains(use.To) && !allowed[use.From].Contains(Everything)
            select $"{use.File} uses {use.To}, which {use.From} may not");
    }

    [Test]
    public async Task The_code_map_names_every_folder_and_no_other()
    {
        var folders = Directory.EnumerateDirectories(Repository.At(Repository.Server)).Select(path => Path.GetFileName(path))
            .Where(name => name is not ("obj" or "bin")).Append(Root).Append(Cli).Order(StringComparer.Ordinal);

        await Assert.That(Allowed().Keys.Order(StringComparer.Ordinal)).IsEquivalentTo(folders);
    }

    [Test]
    public async Task The_folders_stand_on_each_other_without_a_circle()
    {
        var left = Allowed().Where(folder => !folder.Value.Contains(Everything)).ToDictionary(folder => folder.Key, folder => folder.Value.ToHashSet());
        while (left.Where(folder => !folder.Value.Overlaps(left.Keys)).Select(folder => folder.Key).ToList() is { Count: > 0 } ground)
        {
            foreach (var folder in ground) left.Remove(folder);
        }

        await Repository.NoneOf(left.Keys.Select(folder => $"{folder} stands on itself, by way of {string.Join(" or ", left[folder])}"));
    }

    [Test]
    public async Task The_code_map_names_the_front_door_of_each_folder()
    {
        await Repository.NoneOf(
            from row in Repository.Table(Document, "## Code map")
            from door in Repository.Quoted(row[2])
            where !Repository.Sources("src").Any(file => file.EndsWith($"/{door}.cs", StringComparison.Ordinal))
            select $"{row[0]} has no {door}.cs");
    }

    private static Dictionary<string, HashSet<string>> Allowed() => Repository.Table(Document, "## Code map").ToDictionary(
        row => Repository.Quoted(row[0])[0].TrimEnd('/'),
        row => Repository.Quoted(row[3]).Concat(row[3] == Everything ? [Everything] : []).ToHashSet());

    /// <summary>Which file uses which other folder, by its usings and by names that begin with a folder.</summary>
    private static List<(string File, string From, string To)> Uses()
    {
        var folders = Allowed().Keys.Where(name => name is not (Root or Cli)).ToList();
        var names = string.Join('|', folders);
        var use = new Regex($@"^using (?:static )?Tinyvex\.({names})\b|(?<![\w.])(?:Tinyvex\.)?({names})\.[A-Z]|\bTinyvex\.({names})\.", RegexOptions.Multiline);
        var uses = new HashSet<(string File, string From, string To)>();
        foreach (var file in Repository.Sources(Repository.Server, Repository.Cli))
        {
            var parts = file.Split('/');
            var from = file.StartsWith(Repository.Cli, StringComparison.Ordinal) ? Cli : parts.Length == 3 ? Root : parts[2];
            foreach (Match match in use.Matches(Repository.Code(file)))
            {
                var to = match.Groups.Values.Skip(1).First(group => group.Success).Value;
                if (to != from) uses.Add((file, from, to));
            }
        }

        return [.. uses];
    }
}
