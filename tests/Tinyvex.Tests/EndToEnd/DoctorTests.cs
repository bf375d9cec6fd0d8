using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>tinyvex doctor</c>: what it finds, and what it mends.</summary>
public class DoctorTests
{
    private static async Task MakeAsync(string database)
    {
        await using var server = await ServerProcess.StartAsync(database);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("a question", "user_message_chunk"), Wire.Chunk("an answer"), """{"sessionUpdate":"tool_call","toolCallId":"c","title":"T"}""");
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        await client.DisposeAsync();
        await server.StopAsync();
    }

    private static async Task<(int ExitCode, JsonElement Said)> ExamineAsync(string database, params string[] more)
    {
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["doctor", "--db", database, "--json", .. more]);
        if (output.Length == 0) throw new InvalidOperationException(errors);
        return (exitCode, JsonDocument.Parse(output).RootElement);
    }

    private static string Texts(JsonElement said) => said.GetProperty("findings").EnumerateArray().Select(finding => finding.Text("text")).Lines();

    private static void Change(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [Test]
    public async Task A_sound_database_is_said_to_be_sound_and_what_takes_its_room()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["t.db"]);
        var before = await File.ReadAllBytesAsync(folder["t.db"]);
        var (exitCode, said) = await ExamineAsync(folder["t.db"]);

        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(said.GetProperty("sound").GetBoolean()).IsTrue();
        await Assert.That(Texts(said)).IsEqualTo("");
        var sizes = said.GetProperty("sizes").EnumerateObject().ToDictionary(size => size.Name, size => size.Value.GetInt64());
        await Assert.That(sizes.Keys).Contains("messages").And.Contains("log").And.Contains("search index");
        await Assert.That(sizes.Values.Sum()).IsBetween(said.Number("bytes") * 9 / 10, said.Number("bytes"));
        await Assert.That(await File.ReadAllBytesAsync(folder["t.db"])).IsEquivalentTo(before);
        await Assert.That((await ServerProcess.RunAsync(["doctor", "--db", folder["t.db"]])).Output).Contains("search index").And.EndsWith("The database is sound.\n");
    }

    [Test]
    public async Task A_running_server_goes_on_and_is_not_mended()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["t.db"]);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t2", Wire.Chunk("still open"));
        await Assert.That((await ExamineAsync(folder["t.db"])).ExitCode).IsEqualTo(0);
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["doctor", "--db", folder["t.db"], "--repair"]);
        await Assert.That(exitCode).IsEqualTo(3);
        await Assert.That(errors).Contains("tinyvex stop");
        await client.IngestAsync("t2", Wire.Chunk(" and going on"));
    }

    [Test]
    [Arguments("UPDATE threads SET messageCount = 17", "1 threads say a wrong number of messages.", "SELECT messageCount FROM threads", "2")]
    [Arguments("DELETE FROM message_search WHERE rowid = 1", "1 messages are missing in the search index.", "SELECT count(*) FROM message_search WHERE message_search MATCH 'question'", "1")]
    [Arguments("DELETE FROM message_search_data WHERE id > 10", "The search index is broken", "SELECT count(*) FROM message_search WHERE message_search MATCH 'answer'", "1")]
    [Arguments("PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, 'threads(archived,', 'threads(messageCount,') WHERE name = 'threads_newest'",
        "An index is not what its table says", "PRAGMA integrity_check", "ok")]
    [Arguments("PRAGMA auto_vacuum = NONE; VACUUM", "The file cannot give back what becomes free in it", "PRAGMA auto_vacuum", "2")]
    public async Task What_can_be_mended_is_told_and_mended(string fault, string told, string look, string mended)
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["t.db"]);
        Change(folder["t.db"], fault);
        var (exitCode, said) = await ExamineAsync(folder["t.db"]);
        await Assert.That(exitCode).IsEqualTo(1);
        await Assert.That(Texts(said)).Contains(told);
        await Assert.That(said.GetProperty("findings").EnumerateArray().All(finding => finding.GetProperty("canBeMended").GetBoolean())).IsTrue();

        (exitCode, said) = await ExamineAsync(folder["t.db"], "--repair");
        await Assert.That(Texts(said)).IsEqualTo("");
        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(said.GetProperty("mended").GetArrayLength()).IsGreaterThan(0);
        await Assert.That(OriginalFile.Select(folder["t.db"], look)).IsEqualTo(mended);
        await Assert.That(File.Exists(said.Text("kept"))).IsTrue();
        // What was there is still there.
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await Assert.That((await client.RowsAsync("messages.list", "t1")).Select(row => row.Text("text")).Lines()).IsEqualTo("a question\nan answer");
    }

    [Test]
    public async Task Files_that_others_may_read_are_made_private()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TempFolder();
        await MakeAsync(folder["t.db"]);
        File.SetUnixFileMode(folder["t.db"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await Assert.That(Texts((await ExamineAsync(folder["t.db"])).Said)).Contains("Other users of this machine");
        var (exitCode, said) = await ExamineAsync(folder["t.db"], "--repair");
        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(said.GetProperty("kept").ValueKind).IsEqualTo(JsonValueKind.Null);
        await Assert.That(File.GetUnixFileMode(folder["t.db"])).IsEqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Test]
    public async Task Damage_that_loses_something_is_not_mended_and_the_way_back_is_told()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["t.db"]);
        Change(folder["t.db"], "UPDATE messages SET text = 'cut' WHERE ord = 2");
        var before = await File.ReadAllBytesAsync(folder["t.db"]);
        var (exitCode, said) = await ExamineAsync(folder["t.db"], "--repair");
        await Assert.That(exitCode).IsEqualTo(1);
        await Assert.That(Texts(said)).Contains("1 messages are not as long as they should be").And.Contains("tinyvex restore");
        await Assert.That(await File.ReadAllBytesAsync(folder["t.db"])).IsEquivalentTo(before);
    }

    [Test]
    public async Task What_a_killed_server_left_is_worth_a_word_and_no_fault()
    {
        using var folder = new TempFolder();
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(server);
            await client.IngestAsync("t1", Wire.Chunk("half a sen"));
            await server.KillAsync();
        }

        var (exitCode, said) = await ExamineAsync(folder["t.db"]);
        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(Texts(said)).IsEqualTo("1 messages, runs and terminals were open when the last server was killed; the next one ends them.");
    }

    [Test]
    public async Task No_database_is_no_sound_one()
    {
        using var folder = new TempFolder();
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["doctor", "--db", folder["none.db"]]);
        await Assert.That(exitCode).IsEqualTo(4);
        await Assert.That(errors).Contains("There is no database");
        await Assert.That(File.Exists(folder["none.db"])).IsFalse();
    }
}
