using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>serve --ingest-stdin</c>: the program that started the server needs no WebSocket.</summary>
public class IngestStdinTests
{
    private static string Chunk(string text, string more = "") => $"{{\"control\":\"tvx.ingest\",\"threadId\":\"t1\",\"update\":{Wire.Chunk(text)}{more}}}";

    [Test]
    public async Task A_whole_turn_goes_by_lines()
    {
        await using var host = await LineHost.StartAsync();
        await host.SendAsync("{\"control\":\"agent.attach\",\"id\":1,\"name\":\"mine\"}");
        await Assert.That((await host.NextAsync("tinyvex.ack")).GetProperty("id").GetInt32()).IsEqualTo(1);

        await using var phone = await TestClient.ConnectAsync(host.Server);
        // Sent over several lines, it still comes as one.
        await phone.SendAsync("{\"control\":\"run.submit\",\"agent\":\"mine\",\"prompt\":[\n  {\"type\":\"text\",\r\n \"text\":\"Fix it\"}\n]}");
        var asked = await host.NextAsync("run.requested");
        var (threadId, runId) = (asked.Text("threadId"), asked.Text("runId"));
        await Assert.That(asked.GetProperty("prompt")[0].Text("text")).IsEqualTo("Fix it");

        await host.SendAsync(
            $$"""{"control":"tvx.ingest","threadId":"{{threadId}}","runId":"{{runId}}","update":{{Wire.Chunk("Done")}}}""",
            $$"""{"control":"tvx.request_permission","id":"p","threadId":"{{threadId}}","toolCall":{"toolCallId":"c"},"options":[{"optionId":"yes","name":"Yes","kind":"allow_once"}]}""");
        var requestId = (await host.NextAsync("tinyvex.ack")).Text("requestId");
        await phone.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"yes\"");
        await Assert.That((await host.NextAsync("permission.answered")).GetProperty("outcome").Text("optionId")).IsEqualTo("yes");
        await phone.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        await host.NextAsync("run.cancel_requested");
        await host.SendAsync($$"""{"control":"tvx.end_run","id":2,"threadId":"{{threadId}}","stopReason":"cancelled"}""");
        await host.NextAsync("tinyvex.ack");
        await Assert.That((await phone.RowsAsync("runs.list"))[0].Text("status")).IsEqualTo("cancelled");

        await host.SendAsync("{\"control\":\"tvx.query\",\"id\":3,\"name\":\"messages.list\",\"args\":{\"threadId\":\"" + threadId + "\"}}");
        await Assert.That((await host.NextAsync("tinyvex.query_result")).GetProperty("rows").EnumerateArray().Select(row => row.Text("text")).Lines()).IsEqualTo("Fix it\nDone");
    }

    [Test]
    public async Task A_bad_line_is_answered_by_its_id_or_its_number_and_changes_nothing()
    {
        await using var host = await LineHost.StartAsync();
        await host.SendAsync(
            "not json", "", "  ", "[1]", "{\"id\":7}", "{\"id\":{},\"control\":\"echo\"}", "{\"control\":\"tvx.nope\",\"id\":8}", "{\"control\":\"tvx.nope\"}",
            Chunk("x", ",\"updates\":[]").Replace("}", ",\"id\":9}", StringComparison.Ordinal)[..^1],
            "{\"control\":\"tvx.subscribe\",\"stream\":\"threads\",\"id\":10}",
            "{\"control\":\"tvx.finalize\",\"threadId\":\"none\"}",
            "{\"control\":\"tvx.query\",\"name\":\"threads.list\",\"id\":11}");
        var lines = new List<JsonElement>();
        do lines.Add(await host.NextAsync());
        while (lines[^1].Text("type") == "tinyvex.error");

        await Assert.That(lines.SkipLast(1).Select(line => $"{(line.Has("line") ? "line " + line.GetProperty("line") : line.GetProperty("id"))} {line.Text("code")}").Lines())
            .IsEqualTo("line 1 bad_json\nline 4 bad_request\n7 bad_request\nline 6 bad_request\n8 unknown_control\nline 9 bad_json\n10 unsupported");
        await Assert.That(lines[^1].GetProperty("rows").GetArrayLength()).IsEqualTo(0);
        await Deadline.UntilAsync(() => host.Server.Errors.Contains("not_found, thread 'none'", StringComparison.Ordinal), "what has no id is in the log");
        await Assert.That(host.Server.Errors).Contains("unknown_control").And.Contains("Line 1 on stdin is no request: bad_json");
    }

    [Test]
    public async Task A_line_may_be_as_long_as_a_frame_and_a_longer_one_is_passed_over()
    {
        await using var host = await LineHost.StartAsync();
        var room = 16 * 1024 * 1024 - Chunk("", ",\"id\":1").Length;
        await host.SendAsync(Chunk(new string('x', room), ",\"id\":1"), Chunk(new string('x', room + 1), ",\"id\":2"), Chunk("y", ",\"id\":3"));
        var answers = new[] { await host.NextAsync(), await host.NextAsync(), await host.NextAsync() };
        await Assert.That(answers.Select(line => line.Has("id") ? $"{line.Text("type")} {line.GetProperty("id")}" : $"{line.Text("code")} {line.GetProperty("line")}").Order(StringComparer.Ordinal).Lines())
            .IsEqualTo("tinyvex.ack 1\ntinyvex.ack 3\ntoo_large 2");
        await using var client = await TestClient.ConnectAsync(host.Server);
        await Assert.That((await client.RowsAsync("messages.list", "t1"))[0].Number("textLen")).IsEqualTo(room + 1);
    }

    [Test]
    public async Task A_hundred_thousand_updates_into_a_store_that_stands_still_at_times_are_all_stored_in_order()
    {
        const int count = 100_000;
        await using var host = await LineHost.StartAsync();
        await host.SendAsync(Chunk("begin ", ",\"id\":0"));
        await host.NextAsync("tinyvex.ack");

        var sent = 0;
        var sending = Task.Run(async () =>
        {
            var input = host.Server.Process.StandardInput;
            for (var i = 0; i < count; i++)
            {
                await input.WriteAsync(Chunk($"{i} ") + "\n");
                Volatile.Write(ref sent, i + 1);
            }

            await input.WriteAsync(Chunk("end", ",\"id\":1") + "\n");
            await input.FlushAsync();
        });
        // Locked for longer than the store waits for a lock: a client would be refused.
        using (var other = OriginalFile.Open(host.Database, SqliteOpenMode.ReadWrite))
        {
            OriginalFile.Execute(other, "BEGIN EXCLUSIVE");
            await Deadline.UntilAsync(() => host.Server.Errors.Contains("locked", StringComparison.Ordinal), "the store is in trouble");
            // The pipe is full, and so is the room for writes under way: the program waits.
            await Assert.That(Volatile.Read(ref sent)).IsLessThan(count / 2);
            await Assert.That(sending.IsCompleted).IsFalse();
        }

        await sending;
        await Assert.That((await host.NextAsync("tinyvex.ack")).GetProperty("id").GetInt32()).IsEqualTo(1);
        await using var client = await TestClient.ConnectAsync(host.Server);
        var text = (await client.QueryAsync("messages.get", $"\"threadId\":\"t1\",\"itemId\":{Wire.Quote((await client.RowsAsync("messages.list", "t1"))[0].Text("itemId"))}"))
            .GetProperty("rows")[0].Text("text");
        var expected = new StringBuilder("begin ");
        for (var i = 0; i < count; i++) expected.Append(i).Append(' ');
        await Assert.That(text == expected.Append("end").ToString()).IsTrue();
    }

    [Test]
    public async Task Answers_that_nobody_reads_stop_the_reading_of_lines_and_nothing_else()
    {
        await using var host = await LineHost.StartAsync(reads: false);
        var answered = 0;
        using var ended = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            var echo = new string('x', 100_000);
            while (!ended.IsCancellationRequested)
            {
                await host.SendAsync($"{{\"control\":\"echo\",\"id\":1,\"payload\":\"{echo}\"}}");
                Interlocked.Increment(ref answered);
            }
        });
        // 8 MiB of answers and two pipes hold some hundred of them.
        await using var client = await TestClient.ConnectAsync(host.Server);
        var before = -1;
        await HostStage.UntilAsync(async () =>
        {
            for (var i = 0; i < 50; i++) await client.IngestAsync("t1", Wire.Chunk("x"));
            var (now, last) = (Volatile.Read(ref answered), before);
            before = now;
            return now == last;
        }, "the program waits, while others are served");
        await Assert.That(answered).IsLessThan(500).And.IsGreaterThan(50);

        // Whoever reads again gets all of it, and the program goes on meanwhile.
        var (read, upTo) = (0, Volatile.Read(ref answered));
        while (read <= upTo) read += (await host.Server.Process.StandardOutput.ReadLineAsync(Deadline.Token()))!.Length > 100_000 ? 1 : 0;
        await ended.CancelAsync();
        Task? reading = null;
        while (!sending.IsCompleted)
        {
            reading ??= host.Server.Process.StandardOutput.ReadLineAsync(Deadline.Token()).AsTask();
            if (await Task.WhenAny(sending, reading) == reading) reading = null;
        }

        await sending;
        if (reading is not null) await reading;
    }

    [Test]
    public async Task At_the_end_of_stdin_the_server_stops_where_that_is_asked_for_and_has_answered_every_line()
    {
        await using var host = await LineHost.StartAsync();
        for (var i = 0; i < 5_000; i++) await host.Server.Process.StandardInput.WriteAsync(Chunk($"{i} ", $",\"id\":{i}") + "\n");
        await Assert.That(await host.Server.StopAsync()).IsEqualTo(0);
        await Assert.That((await host.RestAsync()).Count(line => line.Text("type") == "tinyvex.ack")).IsEqualTo(5_000);
    }

    [Test]
    public async Task Else_only_the_lines_have_ended_and_their_agent_is_gone()
    {
        await using var host = await LineHost.StartAsync(["--attach-grace", "0.1"], exitWithStdin: false);
        await host.SendAsync("{\"control\":\"agent.attach\",\"id\":1,\"name\":\"mine\"}", "{\"control\":\"tvx.begin_run\",\"id\":2,\"threadId\":\"t1\"}");
        await host.NextAsync("tinyvex.ack");
        await host.NextAsync("tinyvex.ack");
        host.Server.Process.StandardInput.Close();

        await using var client = await TestClient.ConnectAsync(host.Server);
        await HostStage.UntilAsync(async () => (await client.RowsAsync("runs.list"))[0].Text("status") == "failed", "its turn has failed");
        await Assert.That(await client.RefusedAsync("\"control\":\"run.submit\",\"agent\":\"mine\",\"text\":\"x\"")).IsEqualTo("agent_unavailable");
        await client.AckedAsync("\"control\":\"server.stop\"");
        await host.Server.Process.WaitForExitAsync(Deadline.Token());
        await Assert.That(host.Server.Process.ExitCode).IsEqualTo(0);
    }

    [Test]
    public async Task Lines_that_are_there_before_it_listens_come_after_the_ready_line()
    {
        using var folder = new TempFolder();
        var (exitCode, output, _) = await ServerProcess.RunAsync(
            ["serve", "--db", folder["t.db"], "--port", "0", "--exit-with-stdin", "--ingest-stdin"], input: Chunk("x", ",\"id\":1") + "\n" + Chunk("y", ",\"id\":2"));
        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(output.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line).Text("type")).Lines()).IsEqualTo("tinyvex.ready\ntinyvex.ack\ntinyvex.ack");
    }
}
