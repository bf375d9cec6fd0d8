using System.Reflection;
using System.Text.RegularExpressions;

namespace Tinyvex.Tests.Architecture;

/// <summary>What the documents name is there.</summary>
public partial class DocumentTests
{
    private static readonly string[] Documents =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/protocol.md", "docs/agents.md", "docs/metrics.md", "docs/import-export.md", "docs/sidecar.md", "docs/client.md",
            "docs/host-agents.md", "docs/editors.md",
            "docs/hooks.md", "docs/assistant-ui.md", "docs/console.md", ".github/pull_request_template.md",
            "src/packages/client/README.md", "src/packages/react/README.md", "src/packages/assistant-ui/README.md", "src/packages/server/README.md"];

    [Test]
    public async Task Every_path_in_a_document_exists()
    {
        await Repository.NoneOf(
            from document in Documents
            from path in Repository.Quoted(Repository.Read(document)).Where(LooksLikePath)
            where !Exists(path)
            select $"{document} names {path}");
    }

    [Test]
    public async Task Every_link_in_a_document_leads_somewhere()
    {
        await Repository.NoneOf(
            from document in Documents
            from Match link in Link().Matches(Repository.Read(document))
            let target = link.Groups[1].Value
            where !target.StartsWith("http", StringComparison.Ordinal) && !Leads(document, target)
            select $"{document} links to {target}");
    }

    [Test]
    public async Task Every_invariant_names_tests_that_exist()
    {
        var tests = typeof(DocumentTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(method => method.GetCustomAttributes<TestAttribute>().Any())
                .Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet();
        var invariants = Invariant().Split(Repository.Section("ARCHITECTURE.md", "## Invariants")).Skip(1).ToList();
        await Assert.That(invariants.Count).IsGreaterThan(3);

        await Repository.NoneOf(invariants.SelectMany((text, index) =>
        {
            var held = text.Split("\n\n")[0].Split("Held by");
            var named = Repository.Quoted(held[^1]);
            return held.Length == 2 && named.Count > 0
                ? named.Where(name => !tests.Contains(name)).Select(name => $"invariant {index + 1} names {name}, which is no test")
                : [$"invariant {index + 1} names no test"];
        }));
    }

    /// <summary>Words in backticks with the ending of a file of ours, or of a folder; what a build or a run leaves is not in the repository.</summary>
    private static bool LooksLikePath(string word) =>
        PathLike().IsMatch(word) && !word.StartsWith("artifacts/", StringComparison.Ordinal) && !word.StartsWith('/');

    private static bool Exists(string path)
    {
        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        return Path.Exists(Repository.At(path)) || Path.Exists(Repository.At($"{Repository.Server}/{path}"))
            || (!path.Contains('/', StringComparison.Ordinal) && Repository.Sources("src", "tests").Any(file => Path.GetFileName(file) == path));
    }

    private static bool Leads(string document, string target)
    {
        var parts = target.Split('#');
        var file = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        if (!Path.Exists(Repository.At(file))) return false;
        return parts.Length == 1 || Heading().Matches(Repository.Read(file)).Any(heading => Slug(heading.Groups[1].Value) == parts[1]);
    }

    private static string Slug(string heading) => Regex.Replace(heading.ToLowerInvariant().Replace(' ', '-'), @"[^\w-]", "");

    [GeneratedRegex(@"^[\w./-]+(?:\.(?:md|cs|csproj|sln|sh|ps1|props|targets|txt)|/|/[\w.-]+\.(?:mjs|yml|json|jsonl))$")]
    private static partial Regex PathLike();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\d+\. ", RegexOptions.Multiline)]
    private static partial Regex Invariant();
}
