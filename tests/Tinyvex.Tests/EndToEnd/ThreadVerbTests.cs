using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Threads renamed, archived and deleted from the terminal.</summary>
public class ThreadVerbTests
{
    [Test]
    [Arguments(true)]
    [Arguments(false)]
    public async Task A_thread_gets_another_title(bool serverRuns)
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder, "a-thread");
        if (!serverRuns) await server.StopAsync();
        var (exitCode, output, errors) = await RunAsync(folder, "rename", "a-thr", "Why", "titles", "\e[31mend", "badly");
        await Assert.That((exitCode, output)).IsEqualTo((0, "Renamed 'Title of a-thread' to 'Why titles ␛[31mend badly'.\n")).Because(errors);
        var json = await RunAsync(folder, "rename", "last", " Short ", "--json");
        await Assert.That(JsonDocument.Parse(json.Output).RootElement.Text("title")).IsEqualTo("Short");
        await Assert.That((await RunAsync(folder, "threads")).Output).Contains("a-thread  Short");
        var blank = await RunAsync(folder, "rename", "last", " ");
        await Assert.That((blank.ExitCode, blank.Errors)).IsEqualTo((2, "tinyvex: a title has more than blanks in it\nRun 'tinyvex rename --help' for what there is.\n"));
    }

    [Test]
    [Arguments(true)]
    [Arguments(false)]
    public async Task Archived_threads_leave_the_list_and_come_back(bool serverRuns)
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder, "first", "second", "third");
        if (!serverRuns) await server.StopAsync();
        var where = $"--db {folder["t.db"]}";
        await Assert.That((await RunAsync(folder, "archive", "last", "second", "thi")).Output).IsEqualTo(
            $"Archived 'Title of third'. Back with: tinyvex archive --undo {where} third\nArchived 'Title of second'. Back with: tinyvex archive --undo {where} second\n");
        await Assert.That(await ListedAsync(folder)).IsEqualTo("first");
        await Assert.That((await RunAsync(folder, "archive", "third", "first")).Output).StartsWith("'Title of third' is archived already.\nArchived 'Title of first'.");
        await Assert.That((await RunAsync(folder, "threads")).Output).IsEqualTo($"All threads are archived. List them with: tinyvex threads --archived {where}\n");
        await Assert.That((await RunAsync(folder, "show", "last")).Errors).IsEqualTo($"tinyvex: All threads are archived. List them with: tinyvex threads --archived {where}\n");

        await Assert.That((await RunAsync(folder, "archive", "--undo", "last")).Output).IsEqualTo("'Title of first' is listed again.\n");
        await Assert.That((await RunAsync(folder, "archive", "--undo", "first")).Output).IsEqualTo("'Title of first' is not archived.\n");
        var json = (await RunAsync(folder, "archive", "--undo", "second", "--json")).Output;
        await Assert.That(JsonDocument.Parse(json).RootElement.GetProperty("archived").GetBoolean()).IsFalse();
        await Assert.That(await ListedAsync(folder)).IsEqualTo("second\nfirst");
    }

    [Test]
    [Arguments(true)]
    [Arguments(false)]
    public async Task Without_a_terminal_a_thread_is_deleted_with_yes_alone(bool serverRuns)
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder, "first", "second", "third");
        if (!serverRuns) await server.StopAsync();
        var first = await RunAsync(folder, "delete", "first");
        await Assert.That((first.ExitCode, first.Output, first.Errors)).IsEqualTo((2, "", "tinyvex: There is no terminal to ask at. Say --yes to delete 'Title of first' with 1 message for good.\n"));
        await Assert.That((await RunAsync(folder, "delete", "first", "second")).Errors).Contains("to delete 2 threads with 2 messages for good.");
        var wrong = await RunAsync(folder, "delete", "first", "nothing", "--yes");
        await Assert.That((wrong.ExitCode, wrong.Output)).IsEqualTo((1, ""));
        await Assert.That(wrong.Errors).Contains("There is no thread 'nothing'").And.Contains($"tinyvex threads --archived --db {folder["t.db"]}");
        await Assert.That(await ListedAsync(folder)).IsEqualTo("third\nsecond\nfirst");

        await Assert.That((await RunAsync(folder, "delete", "last", "third", "fir", "--yes")).Output).IsEqualTo("Deleted 'Title of third' with 1 message.\nDeleted 'Title of first' with 1 message.\n");
        await Assert.That((await RunAsync(folder, "delete", "second", "-y", "--json")).Output).IsEqualTo("{\"threadId\":\"second\",\"title\":\"Title of second\",\"messageCount\":1,\"deleted\":true}\n");
        await Assert.That((await RunAsync(folder, "threads", "--archived")).Output).IsEqualTo($"There is no thread yet. Make one with: tinyvex run --db {folder["t.db"]} \"Hello\"\n");
    }

    [Test]
    [Arguments("y\r", true)]
    [Arguments("YES\r", true)]
    [Arguments("\r", false)]
    [Arguments("n\r", false)]
    [Arguments("\u0004", false)]
    public async Task On_a_terminal_it_says_what_would_go_and_asks(string keys, bool isDeleted)
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder, "first", "second");
        await using var delete = RunProcess.StartOnTerminal(["delete", "first", "--db", folder["t.db"]]);
        await delete.UntilAsync("[y/N]");
        await Assert.That(delete.Output).Contains("MESSAGES").And.Contains("Title of first").And.DoesNotContain("Title of second").And.Contains("Delete it for good? Only a backup or an export could bring it back.");
        await delete.TypeAsync(keys);

        await Assert.That(await delete.EndAsync()).IsEqualTo(isDeleted ? 0 : 1);
        await Assert.That(delete.Output).Contains(isDeleted ? "Deleted 'Title of first' with 1 message." : "Nothing was deleted.");
        await Assert.That(await ListedAsync(folder)).IsEqualTo(isDeleted ? "second" : "second\nfirst");
    }

    [Test]
    public async Task Ctrl_C_at_the_question_deletes_nothing_and_ends_its_server()
    {
        using var folder = new TempFolder();
        await using (var server = await StartAsync(folder, "first", "second")) await server.StopAsync();
        await using var delete = RunProcess.StartOnTerminal(["delete", "first", "second", "--db", folder["t.db"]]);
        await delete.UntilAsync("Delete 2 threads with 2 messages for good?");
        await delete.UntilAsync("[y/N]");
        await delete.TypeAsync("\u0003");

        await Assert.That(await delete.EndAsync()).IsEqualTo(130);
        await Assert.That(delete.Output).Contains("tinyvex: interrupted; nothing was deleted.");
        await Assert.That(File.Exists(folder["t.db-server.json"])).IsFalse();
        await Assert.That(await ListedAsync(folder)).IsEqualTo("second\nfirst");
    }

    [Test]
    public async Task What_runs_in_it_is_cancelled()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { await permit(); };");
        var (thread, _) = await stage.SubmitAsync("Go");
        await stage.PendingAsync();
        await Assert.That((await ServerProcess.RunAsync(["delete", thread, "--yes", "--db", stage.Database])).Output).IsEqualTo("Deleted 'Go' with 1 message.\n");
        await Deadline.UntilAsync(() => stage.Calls("session/cancel").Count == 1, "the agent is told");
        await Assert.That((await stage.RowsAsync("runs.list")).Length).IsEqualTo(0);
    }

    [Test]
    [Arguments("json")]
    [Arguments("acp")]
    public async Task An_export_brings_back_what_was_deleted(string format)
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder, "one");
        await RunAsync(folder, "export", "one", "--format", format, "--output", folder["kept.json"]);
        await RunAsync(folder, "delete", "one", "--yes");
        await Assert.That((await RunAsync(folder, "show", "last")).ExitCode).IsEqualTo(1);
        var import = await RunAsync(folder, "import", folder["kept.json"]);
        await Assert.That((import.ExitCode, (await RunAsync(folder, "show", "last")).Output.Contains("> Title of one", StringComparison.Ordinal))).IsEqualTo((0, true)).Because(import.Output + import.Errors);
    }

    [Test]
    public async Task Without_a_database_there_is_nothing_to_change_and_none_is_made()
    {
        using var folder = new TempFolder();
        foreach (var line in (string[][])[["rename", "last", "x"], ["archive", "last"], ["delete", "last", "--yes"]])
        {
            var (exitCode, output, errors) = await RunAsync(folder, line);
            await Assert.That((exitCode, output, errors)).IsEqualTo((1, "", $"tinyvex: There is no thread yet. Make one with: tinyvex run --db {folder["t.db"]} \"Hello\"\n"));
        }

        await Assert.That(Directory.GetFileSystemEntries(folder.Path)).IsEmpty();
    }

    /// <summary>A server whose threads each have one final message, the last one the newest.</summary>
    private static async Task<ServerProcess> StartAsync(TempFolder folder, params string[] threads)
    {
        var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        foreach (var thread in threads)
        {
            await client.IngestAsync(thread, Wire.Chunk($"Title of {thread}", "user_message_chunk"));
            await client.AckedAsync($"\"control\":\"tvx.finalize\",\"threadId\":\"{thread}\"");
        }

        return server;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(TempFolder folder, params string[] line)
    {
        var (exitCode, output, errors) = await ServerProcess.RunAsync([.. line, "--db", folder["t.db"]]);
        return (exitCode, output, errors.ReplaceLineEndings("\n"));
    }

    private static async Task<string> ListedAsync(TempFolder folder) => (await RunAsync(folder, "threads", "--json")).Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.Text("id")).Lines();
}
