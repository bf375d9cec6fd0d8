using System.Text;
using System.Text.Json;
using Tinyvex.Tests.Replaying;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What an editor and its agent say passes <c>tinyvex acp</c> as it is, and both end as if nothing stood between them.</summary>
public class EditorPipeTests
{
    /// <summary>Says at once all that is in a file, keeps what it hears in another, and ends with the editor.</summary>
    private const string Reciter = """
        const fs = require('node:fs'), [said, heard] = process.argv.slice(2);
        process.stdout.write(fs.readFileSync(said));
        process.stdin.pipe(fs.createWriteStream(heard)).on('finish', () => process.exitCode = 7);
        """;

    public static IEnumerable<string> Names() => Transcripts.Names();

    [Test]
    [MethodDataSource(nameof(Names))]
    public async Task A_recorded_session_passes_byte_for_byte_in_both_directions(string name)
    {
        using var folder = new TempFolder();
        var lines = (await File.ReadAllLinesAsync(Transcripts.Path(name))).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        // What no JSON-RPC is, or is written in another way than others would, passes too.
        var said = Bytes([.. lines.Where(IsAgents).Select(Raw), "a banner, and no JSON \u00e4", "  {\"id\" : 7 ,\t\"result\":null,\"jsonrpc\":\"2.0\"}\r", "{\"jsonrpc\":\"2.0\",\"method\":\"_odd\",\"params\":{\"b\":1,\"a\":2.50}}"]);
        // Answers go to the agent when it is known who was first, so in an order of their own: what else the editor says keeps its own.
        var heard = Bytes([.. lines.Where(line => !IsAgents(line)).Select(Raw).Where(line => line.Contains("\"method\"", StringComparison.Ordinal)), "{ \"method\" : \"_odd/editor\" }"]);
        await File.WriteAllBytesAsync(folder["said"], said);
        await File.WriteAllTextAsync(folder["reciter.cjs"], Reciter);
        using var process = EditorProcess.Spawn(["acp", "--db", folder["t.db"], "--", "node", folder["reciter.cjs"], folder["said"], folder["heard"]]);
        var output = ReadAllAsync(process.StandardOutput.BaseStream);
        var errors = process.StandardError.ReadToEndAsync();
        await SendInPiecesAsync(process.StandardInput.BaseStream, heard);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Deadline.Token());

        await Assert.That(Encoding.UTF8.GetString(await output)).IsEqualTo(Encoding.UTF8.GetString(said)).Because(await errors);
        await Assert.That(await File.ReadAllTextAsync(folder["heard"])).IsEqualTo(Encoding.UTF8.GetString(heard));
        await Assert.That(process.ExitCode).IsEqualTo(7);
    }

    [Test]
    public async Task A_line_of_100_MB_passes_in_little_memory_in_both_directions()
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("memory is read from /proc");
        using var folder = new TempFolder();
        var line = Encoding.ASCII.GetBytes("{\"jsonrpc\":\"2.0\",\"method\":\"_long\",\"params\":\"" + new string('x', 100_000_000) + "\"}\n");
        using var process = EditorProcess.Spawn(["acp", "--db", folder["t.db"], "--", "cat"]);
        var echoed = new byte[line.Length];
        var reading = process.StandardOutput.BaseStream.ReadExactlyAsync(echoed, Deadline.Token()).AsTask();
        await process.StandardInput.BaseStream.WriteAsync(line);
        await process.StandardInput.BaseStream.FlushAsync();
        await reading;
        var peak = (await File.ReadAllLinesAsync($"/proc/{process.Id}/status")).First(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
        process.StandardInput.Close();
        await process.WaitForExitAsync(Deadline.Token());

        await Assert.That(echoed.AsSpan().SequenceEqual(line)).IsTrue();
        // Two lines that are given up at 16 MiB each, and a runtime.
        await Assert.That(long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture)).IsLessThan(200_000);
    }

    [Test]
    public async Task The_agent_ends_with_the_editor_and_its_words_on_stderr_pass()
    {
        using var folder = new TempFolder();
        await using var editor = EditorProcess.Start(folder["t.db"], AgentScript.Write(folder, "process.stderr.write('a warning\\n'); atEnd = () => process.exit(3);"));
        await editor.OpenAsync(folder.Path);
        var code = await editor.EndAsync();

        await Assert.That(code).IsEqualTo(3);
        await Assert.That(editor.Errors).Contains("a warning");
    }

    [Test]
    public async Task An_agent_that_exits_ends_the_proxy_with_its_exit_code()
    {
        using var folder = new TempFolder();
        await using var editor = EditorProcess.Start(folder["t.db"], AgentScript.Write(folder, "prompt = async () => { say('Goodbye'); process.exit(9); };"));
        var sessionId = await editor.OpenAsync(folder.Path);
        await editor.SendAsync($$$"""{"jsonrpc":"2.0","id":"x","method":"session/prompt","params":{"sessionId":"{{{sessionId}}}","prompt":[{"type":"text","text":"go"}]}}""");
        await editor.Process.WaitForExitAsync(Deadline.Token());

        await Assert.That(editor.Process.ExitCode).IsEqualTo(9);
        await Deadline.UntilAsync(() => editor.Lines.Any(line => line.Contains("Goodbye", StringComparison.Ordinal)), "its last word");
    }

    [Test]
    [Arguments("editor")]
    [Arguments("proxy")]
    public async Task Nothing_of_the_agent_outlives_an_editor_or_a_proxy_that_was_killed(string killed)
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("processes are found in /proc");
        using var folder = new TempFolder();
        var command = AgentScript.Write(folder, "fs.writeFileSync(process.argv[1] + '.pid', `${process.pid} ${spawn('sleep', ['1000']).pid}`); atEnd = () => {};");
        await using var editor = EditorProcess.Start(folder["t.db"], command);
        await editor.OpenAsync(folder.Path);
        var pids = (await File.ReadAllTextAsync(folder["agent.cjs.pid"])).Split(' ');
        if (killed == "proxy") editor.Process.Kill();
        else editor.Vanish();

        await Deadline.UntilAsync(() => !pids.Any(pid => Directory.Exists($"/proc/{pid}")), "all of the agent is gone", TimeSpan.FromSeconds(10));
        await editor.Process.WaitForExitAsync(Deadline.Token());
    }

    [Test]
    public async Task The_agent_gets_the_editors_environment_less_what_is_ours()
    {
        using var folder = new TempFolder();
        var command = AgentScript.Write(folder, "prompt = async () => say(JSON.stringify([process.env.EDITOR_SAYS, process.env.TINYVEX_TOKEN ?? 'none', process.cwd()]));");
        await using var editor = EditorProcess.Start(folder["t.db"], command, environment: new Dictionary<string, string?> { ["EDITOR_SAYS"] = "hello", ["TINYVEX_TOKEN"] = "secret-secret-secret-secret" });
        await editor.PromptAsync(await editor.OpenAsync(folder.Path), "go");
        var said = editor.Lines.Single(line => line.Contains("agent_message_chunk", StringComparison.Ordinal));

        await Assert.That(said).Contains("hello").And.Contains("none");
    }

    [Test]
    public async Task An_agent_that_is_not_there_is_told_of_with_what_helps()
    {
        using var folder = new TempFolder();
        var unknown = await ServerProcess.RunAsync(["acp", "--db", folder["t.db"], "--agent", "nope"]);
        var missing = await ServerProcess.RunAsync(["acp", "--db", folder["t.db"], "--", "no-such-program"]);
        var option = await ServerProcess.RunAsync(["acp", "--db", folder["t.db"], "--nope"]);

        await Assert.That(unknown.ExitCode).IsEqualTo(2);
        await Assert.That(unknown.Errors).Contains("there is no agent 'nope'");
        await Assert.That(missing.ExitCode).IsEqualTo(1);
        await Assert.That(missing.Errors).Contains("'no-such-program' was not found");
        await Assert.That(option.ExitCode).IsEqualTo(2);
    }

    private static bool IsAgents(JsonElement line) => line.Text("dir") == "a2c";

    private static string Raw(JsonElement line) => line.TryGetProperty("msg", out var message) ? message.GetRawText() : line.Text("raw");

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>Cuts messages where no reader expects it.</summary>
    private static async Task SendInPiecesAsync(Stream stream, byte[] bytes)
    {
        var random = new Random(1);
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, 4_000), bytes.Length - at);
            await stream.WriteAsync(bytes.AsMemory(at, length));
            await stream.FlushAsync();
            at += length;
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Deadline.Token());
        return all.ToArray();
    }
}
