using System.Text.RegularExpressions;

namespace Tinyvex.Tests.Architecture;

/// <summary>A file holds one thing, is named after it, and can be read in one go.</summary>
public partial class FileTests
{
    private const int MaxLines = 400;

    /// <summary>Closed unions, whose members make sense only side by side.</summary>
    private static readonly string[] Families =
    [
        $"{Repository.Server}/Writing/Change.cs", $"{Repository.Server}/Writing/WriteCommand.cs", $"{Repository.Server}/Writing/UpkeepCommand.cs", $"{Repository.Server}/Writing/ImportEntry.cs", $"{Repository.Cli}/Proxying/RecordEntry.cs",
        .. ((string[])
        [
            "Acp/ConfigOption", "Acp/ContentBlock", "Acp/ElicitationRequest", "Acp/McpServer", "Acp/PermissionOutcome", "Acp/SessionUpdate", "Acp/ToolCallContent", "Rows/TimelineRow",
            "Frames/ServerFrame", "Frames/SnapshotFrame", "Frames/UpdateFrame", "Requests/QueryArgs", "Requests/Request",
        ]).Select(union => $"src/Tinyvex.Contract/{union}.cs"),
        "src/Tinyvex.Contract.TypeScript/Shapes/Shape.cs",
    ];

    [Test]
    public async Task A_file_holds_one_type_and_is_named_after_it()
    {
        await Repository.NoneOf(
            from file in Repository.Sources("src").Except(Families)
            let types = TopLevelType().Matches(Repository.Code(file)).Select(match => match.Groups[1].Value).ToList()
            // Writer.Runs.cs is a part of Writer.
            let name = Path.GetFileName(file).Split('.')[0]
            where types.Count != 1 || types[0] != name
            select $"{file} holds [{string.Join(", ", types)}], not {name} alone");
    }

    [Test]
    public async Task A_family_of_types_is_named_after_its_base()
    {
        await Repository.NoneOf(
            from file in Families
            let name = Path.GetFileNameWithoutExtension(file)
            let code = Repository.Code(file)
            from type in TopLevelType().Matches(code).Select(match => match.Groups[1].Value)
            where type != name && !Regex.IsMatch(code, $@"\b{type}\b[^;{{]*: {name}\b")
            select $"{file} holds {type}, which is no {name}");
    }

    [Test]
    public async Task A_file_has_at_most_400_lines()
    {
        await Repository.NoneOf(
            from file in Repository.Sources("src", "tests")
            let lines = Repository.Read(file).Count(c => c == '\n')
            where lines > MaxLines
            select $"{file} has {lines} lines");
    }

    [GeneratedRegex(@"^(?:(?:public|internal|file|abstract|sealed|static|readonly|partial|unsafe|ref) )*(?:class|record struct|record|struct|interface|enum|delegate \S+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
