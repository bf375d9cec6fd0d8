using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>An orderly end: everything final and on disk, nobody left behind, and soon.</summary>
public class StopTests
{
    /// <summary>It promises 3 s, and takes less than 2 where it is not one of many on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    [Test]
    [Arguments("INT")]
    [Arguments("TERM")]
    [Arguments("stdin")]
    public async Task What_is_open_is_made_final_and_clients_are_told(string how)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"t1\"");
        await client.RequestAsync(Ingest("Half a sentence"));

        var watch = Stopwatch.StartNew();
        await StopAsync(server, how);
        var took = watch.Elapsed;

        await Assert.That(server.Process.ExitCode).IsEqualTo(0);
        await Assert.That((await client.NextAsync(frame => frame.GetProperty("type").GetString() == "tinyvex.finalize")).GetProperty("textLen").GetInt32())
            .IsEqualTo(15);
        await client.Closed.WaitAsync(Deadline.Long);
        await Assert.That((int)client.CloseStatus!.Value).IsEqualTo(1001);
        await AssertOrderlyAsync(folder, took);
    }

    [Test]
    public async Task The_end_of_stdin_before_it_was_looked_at_is_one()
    {
        using var folder = new TempFolder();
        var watch = Stopwatch.StartNew();
        var (exitCode, output, _) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], "--port", "0", "--exit-with-stdin"]);
        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(output).Contains("tinyvex.ready");
        await AssertOrderlyAsync(folder, watch.Elapsed);
    }

    [Test]
    public async Task A_stdin_that_holds_nothing_is_one_that_ended()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("redirected by a Unix shell");
        using var folder = new TempFolder();
        using var shell = Process.Start(new ProcessStartInfo(
            "sh", ["-c", "exec \"$0\" serve --db \"$1\" --port 0 --exit-with-stdin </dev/null", TestBinary.Path, folder["t.db"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = shell.StandardError.ReadToEndAsync();
        _ = shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync(Deadline.Token());
        await Assert.That(shell.ExitCode).IsEqualTo(0);
    }

    [Test]
    public async Task Without_the_option_the_end_of_stdin_is_nothing()
    {
        using var folder = new TempFolder();
        using var process = Process.Start(new ProcessStartInfo(TestBinary.Path, ["serve", "--db", folder["t.db"], "--port", "0"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        _ = process.StandardError.ReadToEndAsync();
        await Assert.That(await process.StandardOutput.ReadLineAsync(Deadline.Token())).Contains("tinyvex.ready");
        await Assert.That(process.HasExited).IsFalse();
        await Signals.SendAsync("TERM", process.Id);
        await process.WaitForExitAsync(Deadline.Token());
        await Assert.That(process.ExitCode).IsEqualTo(0);
    }

    [Test]
    public async Task A_client_that_has_stopped_reading_does_not_hold_it_up()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        using var stuck = await SubscribeAndNeverReadAsync(server);
        await using var producer = await TestClient.ConnectAsync(server);
        var text = new string('x', 1024 * 1024);
        for (var i = 0; i < 16; i++) await producer.RequestAsync(Ingest(text));

        var watch = Stopwatch.StartNew();
        await StopAsync(server, "TERM");

        await Assert.That(server.Process.ExitCode).IsEqualTo(0);
        await AssertOrderlyAsync(folder, watch.Elapsed);
    }

    [Test]
    public async Task A_running_agent_and_its_guard_are_gone()
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("processes are looked up in /proc");
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"runs\"");
        await client.RequestAsync("\"control\":\"run.submit\",\"text\":\"Go\",\"agent\":\"replay\"");
        await client.NextAsync(frame => frame.TryGetProperty("row", out var row) && row.GetProperty("status").GetString() == "running");
        await Deadline.UntilAsync(() => Descendants(server.Id).Count >= 2, "the guard and the agent run");
        var family = Descendants(server.Id);

        var watch = Stopwatch.StartNew();
        await StopAsync(server, "TERM");
        var took = watch.Elapsed;

        await Assert.That(server.Process.ExitCode).IsEqualTo(0);
        await Deadline.UntilAsync(() => !family.Exists(id => Directory.Exists($"/proc/{id}")), "guard and agent are gone");
        await AssertOrderlyAsync(folder, took);
    }

    [Test]
    public async Task Nobody_who_reads_its_logs_does_not_hold_it_up()
    {
        using var folder = new TempFolder();
        using var process = Process.Start(new ProcessStartInfo(
            TestBinary.Path, ["serve", "--db", folder["t.db"], "--port", "0", "--exit-with-stdin", "--auth", "none", "--log-level", "Debug"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var ready = System.Text.Json.JsonDocument.Parse((await process.StandardOutput.ReadLineAsync(Deadline.Token()))!).RootElement;
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Host = "evil.example";
        // Each is refused, and each refusal logged: far more than a pipe holds.
        for (var i = 0; i < 1_500; i++) using (await http.GetAsync(ready.GetProperty("url").GetString() + "/healthz")) { }
        var watch = Stopwatch.StartNew();
        process.StandardInput.Close();
        await process.WaitForExitAsync(Deadline.Token());
        await Assert.That(process.ExitCode).IsEqualTo(0);
        await AssertOrderlyAsync(folder, watch.Elapsed);
    }

    private static string Ingest(string text) => $$$"""
        "control":"tvx.ingest","threadId":"t1","provider":"host","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{{text}}}"}}
        """;

    private static async Task StopAsync(ServerProcess server, string how)
    {
        if (how == "stdin") await server.StopAsync();
        else await Signals.SendAsync(how, server.Id);
        await server.Process.WaitForExitAsync(Deadline.Token());
    }

    private static async Task AssertOrderlyAsync(TempFolder folder, TimeSpan took)
    {
        Console.WriteLine($"stopped in {took.TotalMilliseconds:0} ms");
        await Assert.That(took).IsLessThan(Limit);
        foreach (var left in (string[])["-wal", "-shm", "-server.json"]) await Assert.That(File.Exists(folder["t.db" + left])).IsFalse();
        await Assert.That(OriginalFile.Select(folder["t.db"], "SELECT count(*) FROM messages WHERE partial = 1")).IsEqualTo("0");
        await Assert.That(OriginalFile.Select(folder["t.db"], "SELECT count(*) FROM runs WHERE status IN ('queued', 'running')")).IsEqualTo("0");
        await Assert.That(OriginalFile.Select(folder["t.db"], "PRAGMA integrity_check")).IsEqualTo("ok");
    }

    /// <summary>A client on a bare socket, since a WebSocket library would read on its own.</summary>
    private static async Task<Socket> SubscribeAndNeverReadAsync(ServerProcess server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", server.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: tinyvex.v1\r\nAuthorization: Bearer {server.Token}\r\n\r\n"));
        var head = new byte[512];
        await Assert.That(Encoding.ASCII.GetString(head, 0, await socket.ReceiveAsync(head))).Contains("101");
        var request = "{\"control\":\"tvx.subscribe\",\"id\":1,\"stream\":\"messages\",\"threadId\":\"t1\"}"u8.ToArray();
        // A masked text frame whose mask is zero.
        await socket.SendAsync((byte[])[0x81, (byte)(0x80 | request.Length), 0, 0, 0, 0, .. request]);
        return socket;
    }

    private static List<int> Descendants(int parent)
    {
        var parents = new Dictionary<int, int>();
        foreach (var directory in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out var id)) continue;
            try
            {
                var stat = File.ReadAllText(directory + "/stat");
                parents[id] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        var found = new List<int> { parent };
        for (var i = 0; i < found.Count; i++) found.AddRange(parents.Where(pair => pair.Value == found[i]).Select(pair => pair.Key));
        return found[1..];
    }
}
