using System.Diagnostics;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Editors and agents of others, as they are published, with Tinyvex between them and a model that follows a script.</summary>
public class RealEditorTests
{
    [Test]
    [Arguments("codex")]
    [Arguments("claude")]
    public async Task The_client_of_the_sdk_talks_with_an_agent_and_all_of_it_is_stored(string agent)
    {
        await using var stage = await StageAsync(agent);
        var (code, seen, errors) = await stage.SdkAsync("--prompt", "MOCK: think=5;;say=Hello. ;;text=20");
        var sessionId = seen.First(line => line.Has("sessionId")).Text("sessionId");
        var thread = await stage.ThreadAsync(sessionId);
        var run = await stage.RowAsync("runs.list", row => row.Text("status") == "completed");
        var heard = string.Concat(seen.Where(line => line.Has("update") && line.Text("update") == "agent_message_chunk").Select(line => line.Text("text")));
        var stored = (await stage.Client.RowsAsync("messages.list", thread.Text("id"))).Where(row => row.GetProperty("role").GetString() == "assistant");

        await Assert.That(code).IsEqualTo(0).Because(errors);
        await Assert.That(run.Text("stopReason")).IsEqualTo("end_turn");
        await Assert.That(heard).Contains("Hello.");
        await Assert.That(string.Concat(stored.Select(row => row.Text("text")))).IsEqualTo(heard);
    }

    [Test]
    [Arguments("codex")]
    [Arguments("claude")]
    public async Task The_client_of_the_sdk_is_asked_and_a_phone_answers(string agent)
    {
        await using var stage = await StageAsync(agent);
        var (mode, prompt) = stage.Agent.Asking;
        var editor = stage.SdkAsync([.. mode is null ? (string[])[] : ["--mode", mode], "--answer", "wait", "--prompt", prompt]);
        var pending = await stage.RowAsync("permissions.list", row => row.Text("status") == "pending");
        var allow = pending.GetProperty("options").EnumerateArray().First(option => option.Text("kind") == "allow_once");
        await stage.Client.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{pending.Text("requestId")}\",\"optionId\":{allow.GetProperty("optionId").GetRawText()}");
        var (code, seen, errors) = await editor;

        await Assert.That(code).IsEqualTo(0).Because(errors);
        await Assert.That(seen.Count(line => line.Has("asked"))).IsEqualTo(1);
        await Assert.That(seen.Count(line => line.Has("takenBack"))).IsEqualTo(1);
        await Assert.That(seen.Last(line => line.Has("stopReason")).Text("stopReason")).IsEqualTo("end_turn");
        await Assert.That((await stage.RowAsync("permissions.list", row => row.Text("status") == "answered")).Text("answeredBy")).StartsWith("client");
        await stage.RowAsync("tool_calls.list", row => row.Text("status") == "completed", pending.Text("threadId"));
    }

    [Test]
    [Arguments("codex")]
    [Arguments("claude")]
    public async Task Acpx_runs_a_prompt_and_all_of_it_is_stored(string agent)
    {
        await using var stage = await StageAsync(agent);
        var node = await Lab.AgentAsync("editors", $"node_modules/node-linux-{Lab.Processor}/bin/node");
        var acpx = await Lab.AgentAsync("editors", "node_modules/acpx/dist/cli.js");
        var (code, output, errors) = await stage.RunAsync(
            node, acpx, "--agent", string.Join(' ', stage.Proxy), "--cwd", stage.WorkFolder, "--approve-all", "--format", "text", "exec", "MOCK: say=I look. ;;shell=echo hi;;say=Done.");
        var run = await stage.RowAsync("runs.list", row => row.Text("status") == "completed");

        await Assert.That(code).IsEqualTo(0).Because(output + errors);
        await Assert.That(output).Contains("I look.").And.Contains("Done.");
        await stage.RowAsync("messages.list", row => row.Text("text").Contains("Done.", StringComparison.Ordinal), run.Text("threadId"));
        await stage.RowAsync("tool_calls.list", row => row.Text("status") == "completed", run.Text("threadId"));
    }

    private static async Task<Stage> StageAsync(string agent)
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("the lab installs programs for Linux");
        var folder = new TempFolder();
        var model = await MockModel.StartAsync();
        Directory.CreateDirectory(folder["work"]);
        var real = agent == "codex" ? await EditorAgent.CodexAsync(model, folder) : await EditorAgent.ClaudeAsync(model, folder);
        await Lab.AgentAsync("editors", "");
        var server = await ServerProcess.StartAsync(folder["t.db"]);
        return new Stage(folder, model, real, server, await TestClient.ConnectAsync(server));
    }

    private sealed record Stage(TempFolder Folder, MockModel Model, EditorAgent Agent, ServerProcess Server, TestClient Client) : IAsyncDisposable
    {
        public string WorkFolder => Folder["work"];

        /// <summary>What the editor starts in place of the agent.</summary>
        public string[] Proxy => [TestBinary.Path, "acp", "--db", Folder["t.db"], "--", Agent.Command];

        /// <summary>Runs the lab's editor, and answers what it has seen.</summary>
        public async Task<(int Code, List<JsonElement> Seen, string Errors)> SdkAsync(params string[] arguments)
        {
            var (code, output, errors) = await RunAsync("node", [Lab.File("editor.mjs"), "--cwd", WorkFolder, .. arguments, "--", .. Proxy]);
            return (code, [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)], errors);
        }

        public async Task<(int Code, string Output, string Errors)> RunAsync(string program, params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = WorkFolder };
            start.Environment.Remove("TINYVEX_TOKEN");
            foreach (var (name, value) in Agent.Environment) start.Environment[name] = value;
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                // Agents take seconds to start where other tests run beside them.
                var limit = Deadline.Token(TimeSpan.FromMinutes(2));
                var errors = process.StandardError.ReadToEndAsync(limit);
                var output = await process.StandardOutput.ReadToEndAsync(limit);
                await process.WaitForExitAsync(limit);
                return (process.ExitCode, output, await errors);
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }

        public Task<JsonElement> ThreadAsync(string sessionId) => RowAsync("threads.list", row => row.GetProperty("resumeId").GetString() == sessionId);

        public async Task<JsonElement> RowAsync(string query, Func<JsonElement, bool> fits, string? threadId = null)
        {
            var limit = Deadline.Token(TimeSpan.FromMinutes(1));
            while (true)
            {
                var rows = await Client.RowsAsync(query, threadId);
                if (rows.Where(fits).Take(1).ToList() is [var row]) return row;
                if (limit.IsCancellationRequested) throw new TimeoutException($"no row of {query} fits: {string.Join('\n', rows)}");
                await Task.Delay(10);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
            Model.Dispose();
            Folder.Dispose();
        }
    }
}
