using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What is wrong with a command line is told in a line that helps, never by a type of .NET or a stack.</summary>
public class UsageTests
{
    [Test]
    [Arguments("serv", 2, "tinyvex: there is no verb 'serv'. Did you mean 'serve'?\nRun 'tinyvex --help'")]
    [Arguments("nonsense", 2, "tinyvex: there is no verb 'nonsense'.\nRun 'tinyvex --help'")]
    [Arguments("agents add", 2, "Run 'tinyvex agents add --help'")]
    [Arguments("threads --limit abc", 2, "tinyvex: --limit is a number, 1 or more; 'abc' is not\n")]
    [Arguments("search x --limit 99999999999", 2, "tinyvex: --limit is a number, 1 or more; '99999999999' is not\n")]
    [Arguments("threads --limit", 2, "Run 'tinyvex threads --help'")]
    [Arguments("serve --agent-start-timeout soon", 2, "tinyvex: --agent-start-timeout is a number of seconds, more than 0 and at most 3600; 'soon' is not\n")]
    [Arguments("serve --attach-grace 4000", 2, "tinyvex: --attach-grace is a number of seconds, from 0 to 3600; '4000' is not\n")]
    [Arguments("serve --parent-pid me", 2, "tinyvex: --parent-pid is a number, 1 or more; 'me' is not\n")]
    [Arguments("delete", 2, "Run 'tinyvex delete --help'")]
    [Arguments("rename last", 2, "Run 'tinyvex rename --help'")]
    [Arguments("archive last --redo", 2, "tinyvex: there is no option --redo\n")]
    [Arguments("export", 2, "tinyvex: name a thread, such as last, or say --all\n")]
    public async Task It_is_told_in_a_line(string line, int code, string says)
    {
        var (exitCode, output, errors) = await ServerProcess.RunAsync(line.Split(' '));
        await Assert.That((exitCode, output)).IsEqualTo((code, ""));
        await Assert.That(errors.ReplaceLineEndings("\n")).Contains(says).And.DoesNotContain("   at ").And.DoesNotContain("System.");
    }

    [Test]
    public async Task A_file_that_cannot_be_written_is_no_bug()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("Hello"));
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["export", "t1", "--db", folder["t.db"], "--output", folder["nowhere/x.md"]]);
        await Assert.That((exitCode, errors.Trim())).IsEqualTo((2, $"tinyvex: There is no directory {folder["nowhere"]}. Make it first."));
    }

    [Test]
    public async Task Advice_is_about_the_database_that_was_named()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await Assert.That((await ServerProcess.RunAsync(["watch", "--db", folder["other.db"]])).Errors).Contains($"tinyvex serve --db {folder["other.db"]}");
        var homeless = new Dictionary<string, string?> { ["HOME"] = "", ["XDG_DATA_HOME"] = "" };
        await Assert.That((await ServerProcess.RunAsync(["watch", "--db", folder["other.db"]], homeless)).Errors).Contains("No server runs on");
        await Assert.That((await ServerProcess.RunAsync(["doctor", "--repair", "--db", folder["t.db"]])).Errors).Contains($"tinyvex stop --db {folder["t.db"]}");
        await Assert.That((await ServerProcess.RunAsync(["show", "x", "--db", folder["t.db"]])).Errors).Contains($"tinyvex threads --archived --db {folder["t.db"]}");
        await Assert.That((await ServerProcess.RunAsync(["threads", "--db", folder["t.db"]])).Output).Contains($"tinyvex run --db {folder["t.db"]} \"Hello\"");
        await Assert.That((await ServerProcess.RunAsync(["agents", "--db", folder["t.db"]])).Output).Contains($"tinyvex agents add --db {folder["t.db"]} NAME -- ");
        await Assert.That((await ServerProcess.RunAsync(["agents", "add", "x", "--db", folder["t.db"], "--agents-file", "a b.json"])).Errors).Contains($"tinyvex agents add --db {folder["t.db"]} --agents-file \"a b.json\" x -- ");
        await Assert.That((await ServerProcess.RunAsync(["run", "--agent", "x=y", "Hello", "--db", folder["t.db"]])).Errors).Contains($"tinyvex agents add --db {folder["t.db"]} x -- ");
        await Assert.That((await ServerProcess.RunAsync(["run", "--agent", "x", "Hello", "--db", folder["t.db"]])).Errors).Contains($"'tinyvex agents --db {folder["t.db"]}' lists");
    }

    [Test]
    public async Task A_trial_of_an_import_makes_no_database_and_an_empty_folder_is_told()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["a.jsonl"], """
            {"jsonrpc":"2.0","id":1,"method":"session/new","params":{"cwd":"/w","mcpServers":[]}}
            {"jsonrpc":"2.0","id":1,"result":{"sessionId":"s"}}
            {"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"Hello"}}}}

            """);
        await Assert.That((await ServerProcess.RunAsync(["import", "--dry-run", folder["a.jsonl"], "--db", folder["t.db"]])).Output).Contains("would import");
        await Assert.That(Directory.GetFileSystemEntries(folder.Path)).IsEquivalentTo((string[])[folder["a.jsonl"]]);
        Directory.CreateDirectory(folder["empty"]);
        await Assert.That((await ServerProcess.RunAsync(["import", folder["empty"], "--db", folder["t.db"]])).Output.Trim()).IsEqualTo("Nothing to import was found.");
    }
}
