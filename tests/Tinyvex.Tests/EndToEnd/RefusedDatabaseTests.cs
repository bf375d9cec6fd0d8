using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>A file that cannot be used: exit code 4, a message that helps, and not a byte of it changed.</summary>
public class RefusedDatabaseTests
{
    private static readonly Dictionary<string, (Action<string> Make, string Says)> Files = new()
    {
        ["a text file"] = (path => File.WriteAllText(path, "Dear diary, this is no database at all."), "is not an SQLite database"),
        ["a few bytes"] = (path => File.WriteAllText(path, "SQLite"), "is not an SQLite database"),
        ["a truncated header"] = (path => File.WriteAllBytes(path, [.. "SQLite format 3\0"u8, .. new byte[30]]), "is damaged"),
        ["a database cut short"] = (CutShort, "is damaged"),
        ["another program's"] = (path => Sql(path, "CREATE TABLE music(a)"), "belongs to another program"),
        ["another program's, in WAL mode"] = (path => Sql(path, "PRAGMA journal_mode=WAL; CREATE TABLE music(a)"), "belongs to another program"),
        ["another program's, crashed"] = (Crashed, "belongs to another program"),
        ["another program's, still empty"] = (path => Sql(path, "PRAGMA user_version=3; CREATE TABLE a(a); DROP TABLE a"), "belongs to another program"),
        ["one with another application id"] = (path => Sql(path, "PRAGMA application_id=42; CREATE TABLE threads(id)"), "belongs to another program"),
        ["one with some tables of the original"] = (path => Sql(path, "CREATE TABLE threads(id); CREATE TABLE messages(id)"), "belongs to another program"),
        ["a newer Tinyvex's"] = (path => Sql(path, "PRAGMA application_id=1416525432; PRAGMA user_version=999; CREATE TABLE store(a)"), "was written by a newer Tinyvex"),
    };

    public static IEnumerable<string> Kinds() => Files.Keys;

    [Test]
    [MethodDataSource(nameof(Kinds))]
    public async Task It_is_left_as_it_is(string kind)
    {
        using var folder = new TempFolder();
        Files[kind].Make(folder["t.db"]);
        var before = FolderState.Of(folder.Path);

        var (exitCode, output, errors) = await ServeAsync(folder["t.db"]);

        await Assert.That(errors).Contains($"tinyvex: {folder["t.db"]} {Files[kind].Says}");
        await Assert.That(errors).Contains("--db");
        await Assert.That(exitCode).IsEqualTo(4);
        await Assert.That(output).IsEqualTo("");
        await Assert.That(FolderState.Of(folder.Path)).IsEqualTo(before);
    }

    [Test]
    public async Task A_directory_is_no_database()
    {
        using var folder = new TempFolder();
        foreach (var path in (string[])[folder.Path, folder.Path + "/", folder["new"] + "/"])
        {
            var (exitCode, _, errors) = await ServeAsync(path);
            await Assert.That(errors).Contains("is a directory. Name a file in it");
            await Assert.That(exitCode).IsEqualTo(4);
        }

        await Assert.That(Directory.GetFileSystemEntries(folder.Path)).IsEmpty();
    }

    [Test]
    public async Task A_file_in_the_place_of_the_directory_is_told()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["file"], "x");
        var (exitCode, _, errors) = await ServeAsync(Path.Combine(folder["file"], "t.db"));
        await Assert.That(errors).Contains(folder["file"]);
        await Assert.That(exitCode).IsEqualTo(4);
    }

    [Test]
    public async Task No_name_at_all_is_told()
    {
        var (exitCode, _, errors) = await ServeAsync("");
        await Assert.That(errors).Contains("--db names no file");
        await Assert.That(exitCode).IsEqualTo(4);
    }

    [Test]
    public async Task Zero_bytes_are_a_new_database()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["t.db"], []);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await Assert.That(server.Database).IsEqualTo(folder["t.db"]);
    }

    [Test]
    public async Task A_file_with_two_names_is_refused()
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("hard links are counted on Linux alone");
        using var folder = new TempFolder();
        await using (await ServerProcess.StartAsync(folder["t.db"]))
        {
        }

        using (var link = System.Diagnostics.Process.Start("ln", [folder["t.db"], folder["u.db"]])) await link.WaitForExitAsync();
        var before = FolderState.Of(folder.Path);

        var (exitCode, _, errors) = await ServeAsync(folder["u.db"]);

        await Assert.That(errors).Contains("has 2 names (hard links)");
        await Assert.That(exitCode).IsEqualTo(4);
        await Assert.That(FolderState.Of(folder.Path)).IsEqualTo(before);
    }

    private static Task<(int ExitCode, string Output, string Errors)> ServeAsync(string path) =>
        ServerProcess.RunAsync(["serve", "--db", path, "--port", "0", "--exit-with-stdin"]);

    private static void Sql(string path, string sql)
    {
        using var connection = OriginalFile.Open(path);
        OriginalFile.Execute(connection, sql);
    }

    private static void CutShort(string path)
    {
        Sql(path, "PRAGMA page_size=4096; CREATE TABLE store(a); CREATE TABLE other(b)");
        using var file = File.OpenWrite(path);
        file.SetLength(2_000);
    }

    private static void Crashed(string path)
    {
        using (var connection = OriginalFile.Open(path))
        {
            OriginalFile.Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE music(a)");
            File.Copy(path, path + ".copy");
            File.Copy(path + "-wal", path + ".copy-wal");
        }

        File.Move(path + ".copy", path, overwrite: true);
        File.Move(path + ".copy-wal", path + "-wal", overwrite: true);
    }
}
