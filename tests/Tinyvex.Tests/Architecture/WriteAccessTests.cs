using System.Text.RegularExpressions;

namespace Tinyvex.Tests.Architecture;

/// <summary>Nobody but the writer changes data; the store changes it while it opens the file.</summary>
public partial class WriteAccessTests
{
    private static readonly string[] MayHoldWritingSql = [$"{Repository.Server}/Rows/", $"{Repository.Server}/Storage/", $"{Repository.Server}/Writing/"];

    private static readonly string[] MayWrite = [$"{Repository.Server}/Storage/", $"{Repository.Server}/Writing/"];

    [Test]
    public async Task Sql_that_writes_stands_in_rows_storage_and_writing_alone()
    {
        await Repository.NoneOf(
            from file in Repository.Sources("src")
            where !MayHoldWritingSql.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)) && WritingSql().IsMatch(Repository.Code(file))
            select $"{file} holds SQL that writes");
    }

    [Test]
    public async Task Sql_of_a_row_that_writes_is_run_by_the_writer_alone()
    {
        var statements = (
            from file in Repository.Sources($"{Repository.Server}/Rows")
            from Match match in WritingConstant().Matches(Repository.Code(file))
            select $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups[1].Value}").ToList();
        await Assert.That(statements.Count).IsGreaterThan(5);

        await Repository.NoneOf(
            from file in Repository.Sources("src")
            where !MayWrite.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))
            let code = Repository.Code(file)
            from statement in statements
            where Regex.IsMatch(code, $@"\b{Regex.Escape(statement)}\b")
            select $"{file} runs {statement}");
    }

    [Test]
    public async Task Only_the_store_opens_a_connection_that_can_write()
    {
        await Repository.NoneOf(
            from file in Repository.Sources("src")
            let code = Repository.Code(file)
            where (code.Contains("OpenWriter(", StringComparison.Ordinal) && !IsOneOf(file, "StoreConnection", "Store"))
                || (code.Contains("SqliteOpenMode.ReadWrite", StringComparison.Ordinal) && !IsOneOf(file, "StoreConnection"))
                || (code.Contains("new SqliteConnection(", StringComparison.Ordinal) && !IsOneOf(file, "StoreConnection", "Store", "DatabaseFile"))
            select $"{file} opens a connection of its own");

        static bool IsOneOf(string file, params string[] names) => names.Any(name => file == $"{Repository.Server}/Storage/{name}.cs");
    }

    [GeneratedRegex(@"\b(INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|REPLACE INTO|(ALTER|CREATE|DROP) (TABLE|INDEX|VIEW|TRIGGER))\b")]
    private static partial Regex WritingSql();

    [GeneratedRegex(@"const string (\w+) =\s*\$*""+\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b")]
    private static partial Regex WritingConstant();
}
