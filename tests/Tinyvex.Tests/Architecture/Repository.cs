using System.Text.RegularExpressions;

namespace Tinyvex.Tests.Architecture;

/// <summary>The repository as files: what the tests of its structure read.</summary>
internal static partial class Repository
{
    public const string Server = "src/Tinyvex.Server";
    public const string Cli = "src/Tinyvex.Cli";

    public static string Root { get; } = FindRoot();

    /// <summary>All C# files under a folder, by their path from the root; what a build left is not among them.</summary>
    public static List<string> Sources(params string[] folders) =>
    [
        .. folders.SelectMany(folder => Directory.EnumerateFiles(At(folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "obj" or "bin"))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string path) => File.ReadAllText(At(path)).ReplaceLineEndings("\n");

    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>A file's code without its comments.</summary>
    public static string Code(string path) => Comment().Replace(Read(path), "");

    /// <summary>What stands under a heading of a document, up to the next heading of its rank or a higher one.</summary>
    public static string Section(string document, string heading)
    {
        var text = "\n" + Read(document);
        var start = text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        if (start < 0) throw new InvalidOperationException($"{document} has no heading '{heading}'");
        var rank = heading.IndexOf(' ', StringComparison.Ordinal);
        var body = text[(start + heading.Length + 2)..];
        var end = Regex.Match(body, $@"^#{{1,{rank}}} ", RegexOptions.Multiline);
        return end.Success ? body[..end.Index] : body;
    }

    /// <summary>The rows of the first table under a heading, as trimmed cells, without its head.</summary>
    public static List<string[]> Table(string document, string heading)
    {
        var lines = Section(document, heading).Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'));
        return [.. lines.Skip(2).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }

    /// <summary>The words in backticks of a text.</summary>
    public static List<string> Quoted(string text) => [.. Backticks().Matches(text).Select(match => match.Groups[1].Value)];

    /// <summary>Fails with one line for each problem.</summary>
    public static async Task NoneOf(IEnumerable<string> problems) => await Assert.That(string.Join('\n', problems)).IsEqualTo("");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tinyvex.Aot.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"no Tinyvex.Aot.sln above {AppContext.BaseDirectory}");
    }

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Backticks();
}
