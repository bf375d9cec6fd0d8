using System.Diagnostics;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>tinyvex watch</c>, over the life of more than one server.</summary>
public class WatchTests
{
    private static Process Watch(string database, params string[] more) => Process.Start(new ProcessStartInfo(TestBinary.Path, ["watch", "--db", database, .. more])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<List<string>> ReadToAsync(Process watch, string part)
    {
        var lines = new List<string>();
        while (await watch.StandardOutput.ReadLineAsync(Deadline.Token()) is { } line)
        {
            lines.Add(line);
            if (line.Contains(part, StringComparison.Ordinal)) return lines;
        }

        throw new InvalidOperationException($"ended before '{part}': {string.Join('\n', lines)} {await watch.StandardError.ReadToEndAsync()}");
    }

    [Test]
    public async Task Every_update_is_a_line()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("before"));
        using var watch = Watch(folder["t.db"]);
        await ReadToAsync(watch, "before");
        await client.IngestAsync("t2", Wire.Chunk("two\nlines \e[2J"), """{"sessionUpdate":"tool_call","toolCallId":"c1","title":"Read it","status":"pending"}""");
        var lines = await ReadToAsync(watch, "Read it");

        await Assert.That(lines.Single(line => line.Contains("two", StringComparison.Ordinal))).Contains("t2").And.EndsWith("messages     assistant \"two\\nlines ␛[2J\"");
        await Assert.That(lines[^1]).Contains("tool_calls").And.EndsWith("Read it: pending");
        await Signals.SendAsync("INT", watch.Id);
        await watch.WaitForExitAsync(Deadline.Token());
        await Assert.That(watch.ExitCode).IsEqualTo(0);
    }

    [Test]
    [Arguments(false)]
    [Arguments(true)]
    public async Task What_an_agent_asks_is_told_with_its_answer(bool aloneInItsThread)
    {
        await using var stage = await AgentStage.ScriptAsync("""
            const form = { mode: 'form', message: 'Where to?', requestedSchema: { type: 'object', properties: { branch: { type: 'string' } } } };
            prompt = async () => {
              await permit('c1');
              await ask('elicitation/create', form);
              await ask('elicitation/create', { ...form, message: 'And then?' });
            };
            """);
        var (thread, _) = await stage.SubmitAsync("go");
        var permission = await stage.PendingAsync();
        using var watch = Watch(stage.Database, aloneInItsThread ? ["--thread", thread] : []);
        var lines = await ReadToAsync(watch, aloneInItsThread ? "as it is now" : "Write a file: pending");
        await stage.Client.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{permission}\",\"optionId\":\"no\"");
        lines.AddRange(await ReadToAsync(watch, "Where to?: pending"));
        await RespondAsync("\"accept\",\"content\":{\"branch\":\"\\u001b[31mmain\"}");
        lines.AddRange(await ReadToAsync(watch, "And then?: pending"));
        await RespondAsync("\"decline\"");
        lines.AddRange(await ReadToAsync(watch, "completed"));
        watch.Kill();

        foreach (var told in (string[])["Write a file: answered: No", "Where to?: answered: {\"branch\":\"\\u001b[31mmain\"}", "And then?: declined"])
        {
            await Assert.That(lines.Count(line => line.EndsWith(told, StringComparison.Ordinal))).IsEqualTo(1).Because($"{told} in\n{lines.Lines()}");
        }

        async Task RespondAsync(string answer)
        {
            var asked = (await stage.RowAsync("elicitations.list", thread, row => row.Text("status") == "pending")).Text("requestId");
            await stage.Client.AckedAsync($"\"control\":\"elicitation.respond\",\"requestId\":\"{asked}\",\"action\":{answer}");
        }
    }

    [Test]
    public async Task A_thread_alone_comes_as_its_frames()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("mine", Wire.Chunk("a"));
        using var watch = Watch(folder["t.db"], "--thread", "mi", "--json");
        var frames = await ReadToAsync(watch, "tinyvex.snapshot");
        await client.IngestAsync("other", Wire.Chunk("elsewhere"));
        await client.IngestAsync("mine", Wire.Chunk("here"));
        frames.AddRange(await ReadToAsync(watch, "here"));
        watch.Kill();

        await Assert.That(frames.Select(line => JsonDocument.Parse(line).RootElement.Text("type")).Lines()).StartsWith("tinyvex.snapshot\ntinyvex.update");
        await Assert.That(string.Concat(frames)).DoesNotContain("elsewhere");
    }

    [Test]
    public async Task When_the_server_comes_back_it_goes_on_and_repeats_nothing()
    {
        using var folder = new TempFolder();
        Process watch;
        await using (var first = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(first);
            watch = Watch(folder["t.db"]);
            await client.IngestAsync("t1", Wire.Chunk("in the first life"));
            await ReadToAsync(watch, "in the first life");
            await first.KillAsync();
        }

        await Assert.That(await watch.StandardError.ReadLineAsync(Deadline.Token())).Contains("the server is gone").And.Contains("waiting");
        await using var second = await ServerProcess.StartAsync(folder["t.db"]);
        await using var again = await TestClient.ConnectAsync(second);
        await again.IngestAsync("t1", Wire.Chunk("in the second life"));
        var lines = await ReadToAsync(watch, "in the second life");

        await Assert.That(string.Concat(lines)).DoesNotContain("in the first life");
        await Assert.That(await watch.StandardError.ReadLineAsync(Deadline.Token())).Contains("it is back");
        watch.Kill();
        watch.Dispose();
    }

    [Test]
    public async Task Where_no_server_runs_it_says_so()
    {
        using var folder = new TempFolder();
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["watch", "--db", folder["t.db"]]);
        await Assert.That(exitCode).IsEqualTo(1);
        await Assert.That(errors).Contains("No server runs on");
    }
}
