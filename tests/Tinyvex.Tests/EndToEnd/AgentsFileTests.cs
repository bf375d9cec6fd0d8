using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Agents are added and removed while the server runs, and known ones need no adding.</summary>
public class AgentsFileTests
{
    private const string Script = "";

    [Test]
    public async Task An_agent_is_added_and_removed_while_the_server_runs()
    {
        using var folder = new TempFolder();
        var command = AgentScript.Write(folder, Script);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var refused = await client.RequestAsync("\"control\":\"run.submit\",\"text\":\"Hi\",\"agent\":\"mine\"");
        var added = await RunAsync(folder, ["add", "mine", "--title", "My own", "--env", "KEY=value=1", "--default", "--", .. command.Split(' ').Select(word => word.Trim('\''))]);
        var row = await AgentAsync(client, "mine");
        var submitted = await client.RequestAsync("\"control\":\"run.submit\",\"text\":\"Hi\"");
        var text = File.ReadAllText(folder["agents.json"]);
        var removed = await RunAsync(folder, "remove", "mine");

        await Assert.That(refused.Text("code")).IsEqualTo("agent_unavailable");
        await Assert.That((added.ExitCode, added.Errors)).IsEqualTo((0, ""));
        await Assert.That(added.Output).Contains("The server that runs knows it already.");
        await Assert.That((row!.Value.Text("title"), row.Value.Text("source"), row.Value.GetProperty("default").GetBoolean())).IsEqualTo(("My own", "configured", true));
        await Assert.That(submitted.Text("type")).IsEqualTo("run.submitted");
        await Assert.That(text).Contains("\"KEY\": \"value=1\"");
        await Assert.That(removed.ExitCode).IsEqualTo(0);
        await Assert.That((await AgentAsync(client, "mine")).HasValue).IsFalse();
        await Assert.That((await AgentAsync(client, "replay"))!.Value.GetProperty("default").GetBoolean()).IsTrue();
    }

    [Test]
    public async Task What_else_is_in_the_file_stays_and_its_owner_alone_may_read_a_new_one()
    {
        using var folder = new TempFolder();
        await RunAsync(folder, "add", "codex", "--env", "OPENAI_API_KEY=secret");
        await Assert.That(Permissions.Of(folder["agents.json"])).IsEqualTo("600");

        File.WriteAllText(folder["agents.json"], """{"agents":{"old":{"command":["x"],"env":{"A":"ä"}},},"default":"old"}""");
        await RunAsync(folder, "add", "new", "--", "node", "./a.js", "-y");
        var file = JsonDocument.Parse(File.ReadAllText(folder["agents.json"])).RootElement;

        await Assert.That(file.Text("default")).IsEqualTo("old");
        await Assert.That(file.GetProperty("agents").GetProperty("old").GetProperty("env").Text("A")).IsEqualTo("ä");
        await Assert.That(file.GetProperty("agents").GetProperty("new").GetProperty("command").GetRawText().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal))
            .IsEqualTo("[\"node\",\"./a.js\",\"-y\"]");
    }

    [Test]
    [Arguments(new[] { "add", "mine" }, "'mine' is not a known agent")]
    [Arguments(new[] { "add", "my own", "--", "x" }, "is no name for an agent")]
    [Arguments(new[] { "add", "mine", "--", "" }, "the command has an empty word")]
    [Arguments(new[] { "add", "mine", "--env", "KEY", "--", "x" }, "--env is NAME=VALUE")]
    [Arguments(new[] { "add", "there", "--", "x" }, "tinyvex agents remove there")]
    [Arguments(new[] { "remove", "nobody" }, "it has: there")]
    [Arguments(new[] { "default", "nobody" }, "there is no agent 'nobody'")]
    public async Task What_makes_no_sense_is_refused_with_what_would(string[] arguments, string why)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["agents.json"], """{"agents":{"there":{"command":["x"]}}}""");
        var before = File.ReadAllText(folder["agents.json"]);
        var (exitCode, _, errors) = await RunAsync(folder, arguments);

        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(errors).Contains(why);
        await Assert.That(File.ReadAllText(folder["agents.json"])).IsEqualTo(before);
    }

    [Test]
    public async Task A_script_beside_the_caller_is_found_from_wherever_the_agent_works()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["a.js"], "");
        var start = new System.Diagnostics.ProcessStartInfo(TestBinary.Path, ["agents", "add", "mine", "--db", folder["t.db"], "--", "node", "a.js", "b.js", "serve"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        using var adding = System.Diagnostics.Process.Start(start)!;
        await adding.WaitForExitAsync(Deadline.Token());
        var file = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(folder["agents.json"])).RootElement;
        await Assert.That(file.GetProperty("agents").GetProperty("mine").GetProperty("command").EnumerateArray().Select(word => word.GetString()!).Lines()).IsEqualTo($"node\n{folder["a.js"]}\nb.js\nserve");
    }

    [Test]
    public async Task A_file_with_comments_is_left_to_its_author()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["agents.json"], """{/* mine */"agents":{}}""");
        var (exitCode, _, errors) = await RunAsync(folder, "add", "mine", "--", "x");

        await Assert.That((exitCode, File.ReadAllText(folder["agents.json"]))).IsEqualTo((2, """{/* mine */"agents":{}}"""));
        await Assert.That(errors).Contains("has comments, which would be lost");
    }

    [Test]
    public async Task A_file_that_breaks_while_the_server_runs_leaves_the_agents_and_says_why()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["agents.json"], """{"agents":{"mine":{"command":["x"]}}}""");
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        File.WriteAllText(folder["agents.json"], """{"agents":{"mine":{"command":["x"]}}""");
        var mine = await AgentAsync(client, "mine");
        var refused = await client.RequestAsync("\"control\":\"run.submit\",\"text\":\"Hi\",\"agent\":\"other\"");

        await Assert.That(mine.HasValue).IsTrue();
        await Assert.That(refused.Text("message")).Contains("agents.json is no agents file");
        await Deadline.UntilAsync(() => server.Errors.Contains("[209]", StringComparison.Ordinal), "the log says so");
    }

    [Test]
    public async Task A_known_agent_that_is_not_installed_says_how_to_get_it()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], environment: new Dictionary<string, string?> { ["PATH"] = folder.Path });
        await using var client = await TestClient.ConnectAsync(server);
        var row = (await AgentAsync(client, "opencode"))!.Value;
        var refused = await client.RequestAsync("\"control\":\"run.submit\",\"text\":\"Hi\",\"agent\":\"opencode\"");

        await Assert.That((row.GetProperty("available").GetBoolean(), row.Text("reason"), row.Text("install"), row.Text("login")))
            .IsEqualTo((false, "'opencode' was not found in PATH", "npm install -g opencode-ai", "opencode auth login"));
        await Assert.That((refused.Text("code"), refused.Text("message"))).IsEqualTo(
            ("agent_unavailable", "agent 'opencode' is not installed here: 'opencode' was not found in PATH. Install it with: npm install -g opencode-ai"));
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(TempFolder folder, params string[] arguments) =>
        ServerProcess.RunAsync(["agents", arguments[0], "--db", folder["t.db"], .. arguments[1..]]);

    private static async Task<JsonElement?> AgentAsync(TestClient client, string name)
    {
        var reply = await client.RequestAsync("\"control\":\"tvx.query\",\"name\":\"agents.list\"");
        return reply.GetProperty("rows").EnumerateArray().Where(row => row.Text("name") == name).Select(row => (JsonElement?)row).FirstOrDefault();
    }
}
