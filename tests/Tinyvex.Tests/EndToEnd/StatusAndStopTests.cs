using System.Text.Json;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Whether a server runs, and its end, from the terminal.</summary>
public class StatusAndStopTests
{
    [Test]
    public async Task Where_none_runs_status_says_so_and_stop_has_nothing_to_do()
    {
        using var folder = new TempFolder();
        var status = await ServerProcess.RunAsync(["status", "--db", folder["t.db"]]);
        await Assert.That(status.ExitCode).IsEqualTo(1);
        await Assert.That(status.Output).Contains("No server runs");
        var json = await ServerProcess.RunAsync(["status", "--db", folder["t.db"], "--json"]);
        await Assert.That(json.ExitCode).IsEqualTo(1);
        await Assert.That(JsonDocument.Parse(json.Output).RootElement.GetProperty("running").GetBoolean()).IsFalse();
        var stop = await ServerProcess.RunAsync(["stop", "--db", folder["t.db"]]);
        await Assert.That(stop.ExitCode).IsEqualTo(0);
        await Assert.That(stop.Output).Contains("No server runs");
        await Assert.That(Directory.GetFileSystemEntries(folder.Path)).IsEmpty();
    }

    [Test]
    public async Task Status_says_what_there_is_and_keeps_the_token_to_itself()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("Hi"), Wire.Chunk("Ho", "user_message_chunk"));

        var text = await ServerProcess.RunAsync(["status", "--db", folder["t.db"]]);
        await Assert.That(text.ExitCode).IsEqualTo(0);
        await Assert.That(text.Output).Contains($"{server.Ready.Text("url")}, process {server.Id}").And.Contains("1 with 2 messages").And.Contains("0 running, 0 queued");
        await Assert.That(text.Output + text.Errors).DoesNotContain(server.Token!).And.DoesNotContain("\e");

        var json = await ServerProcess.RunAsync(["status", "--db", folder["t.db"], "--json"]);
        await Assert.That(json.Output).DoesNotContain(server.Token!);
        var row = JsonDocument.Parse(json.Output).RootElement;
        await Assert.That(row.GetProperty("running").GetBoolean()).IsTrue();
        await Assert.That(row.Number("pid")).IsEqualTo(server.Id);
        await Assert.That(row.Text("storeId")).IsEqualTo(server.Ready.Text("storeId"));
        await Assert.That((row.Number("threads"), row.Number("messages"), row.Number("runsRunning"), row.Number("permissionsPending"))).IsEqualTo((1, 2, 0, 0));

        var withToken = await ServerProcess.RunAsync(["status", "--db", folder["t.db"], "--json", "--show-token"]);
        await Assert.That(JsonDocument.Parse(withToken.Output).RootElement.Text("token")).IsEqualTo(server.Token);
    }

    [Test]
    public async Task Status_counts_what_runs_and_what_waits()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { await permit(); };");
        var (thread, _) = await stage.SubmitAsync("Go");
        await stage.SubmitAsync("And on", thread);
        await stage.PendingAsync();

        var json = await ServerProcess.RunAsync(["status", "--db", stage.Folder["t.db"], "--json"]);

        var row = JsonDocument.Parse(json.Output).RootElement;
        await Assert.That((row.Number("runsRunning"), row.Number("runsQueued"), row.Number("permissionsPending"), row.Number("agents"))).IsEqualTo((1, 1, 1, 1));
        var threads = await ServerProcess.RunAsync(["threads", "--db", stage.Folder["t.db"]]);
        await Assert.That(threads.Output).Contains("asks");
    }

    [Test]
    public async Task Stop_returns_when_the_server_is_gone_and_everybody_was_told()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("Half a sentence"));

        var (exitCode, output, errors) = await ServerProcess.RunAsync(["stop", "--db", folder["t.db"], "--json"]);

        await Assert.That(exitCode).IsEqualTo(0).Because(errors);
        var row = JsonDocument.Parse(output).RootElement;
        await Assert.That(row.GetProperty("stopped").GetBoolean()).IsTrue();
        await Assert.That(row.Number("pid")).IsEqualTo(server.Id);
        await Assert.That(InstanceLock.IsTaken(folder["t.db"])).IsFalse();
        await Assert.That(File.Exists(folder["t.db-wal"])).IsFalse();
        await client.Closed.WaitAsync(Deadline.Long);
        await Assert.That((int)client.CloseStatus!.Value).IsEqualTo(1001);
        await server.Process.WaitForExitAsync(Deadline.Token());
        await Assert.That(server.Process.ExitCode).IsEqualTo(0);
    }

    [Test]
    public async Task The_request_is_acked_before_the_server_stops()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);

        await client.AckedAsync("\"control\":\"server.stop\"");

        await client.Closed.WaitAsync(Deadline.Long);
        await Assert.That((int)client.CloseStatus!.Value).IsEqualTo(1001);
        await server.Process.WaitForExitAsync(Deadline.Token());
        await Assert.That(server.Process.ExitCode).IsEqualTo(0);
    }

    [Test]
    public async Task Agents_are_those_of_the_server_or_of_the_file()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["agents.json"], """{"default":"mine","agents":{"mine":{"title":"My own","command":["no-such-program"]}}}""");
        var alone = await ServerProcess.RunAsync(["agents", "--db", folder["t.db"]]);
        await Assert.That(alone.ExitCode).IsEqualTo(0);
        await Assert.That(alone.Output).Contains("My own").And.Contains("not found, default").And.Contains("'no-such-program' was not found in PATH").And.Contains("Install it");

        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--agent", "given=node agent.js"]);
        var lines = (await ServerProcess.RunAsync(["agents", "--db", folder["t.db"], "--json"])).Output.TrimEnd().Split('\n');
        var rows = lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        await Assert.That(rows.Where(row => row.Text("source") == "configured" || row.Text("name") == "replay").Select(row => row.Text("name")).Lines())
            .IsEqualTo("given\nmine\nreplay");
    }
}
