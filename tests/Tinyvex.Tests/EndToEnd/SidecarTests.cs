using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Manners of a program that others start: what it prints where, and how it ends when it cannot start.</summary>
public class SidecarTests
{
    private const string Secret = "the secret of the conversation";

    private static readonly string Ingest = $$$"""
        "control":"tvx.ingest","threadId":"t1","provider":"host","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{{Secret}}}"}}
        """;

    [Test]
    [Arguments("text", "Information")]
    [Arguments("json", "Information")]
    [Arguments("json", "debug")]
    public async Task One_line_on_stdout_and_logs_without_content_on_stderr(string format, string level)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--log-format", format, "--log-level", level]);
        await using (var client = await TestClient.ConnectAsync(server))
        {
            await client.RequestAsync(Ingest);
            await client.RequestAsync($"\"control\":\"{Secret}\"");
            await client.RequestAsync($"\"control\":\"run.submit\",\"text\":\"{Secret}\",\"agent\":\"replay\"");
        }

        await server.StopAsync();
        await Assert.That(await server.Process.StandardOutput.ReadToEndAsync()).IsEqualTo("");
        await Deadline.UntilAsync(() => server.Errors.Contains("Stopped", StringComparison.Ordinal), "the last line of the log");
        await Assert.That(server.Errors).Contains("Listening on http://127.0.0.1:").And.Contains("Stopped");
        await Assert.That(server.Errors).DoesNotContain(Secret).And.DoesNotContain(server.Token!);
        if (format == "json")
        {
            foreach (var line in server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var record = JsonDocument.Parse(line).RootElement;
                await Assert.That(DateTimeOffset.UtcNow - record.GetProperty("Timestamp").GetDateTimeOffset()).IsLessThan(TimeSpan.FromMinutes(1));
            }
        }
    }

    [Test]
    public async Task The_ready_line_has_all_its_fields()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["new/deep/t.db"]);
        var ready = server.Ready;
        await Assert.That(ready.GetProperty("type").GetString()).IsEqualTo("tinyvex.ready");
        await Assert.That(ready.GetProperty("url").GetString()).IsEqualTo($"http://127.0.0.1:{server.Port}");
        await Assert.That(ready.GetProperty("ws").GetString()).IsEqualTo($"ws://127.0.0.1:{server.Port}/ws");
        await Assert.That(ready.GetProperty("pid").GetInt32()).IsEqualTo(server.Id);
        await Assert.That(ready.GetProperty("db").GetString()).IsEqualTo(folder["new/deep/t.db"]);
        await Assert.That(ready.GetProperty("storeId").GetString()!.Length).IsGreaterThan(20);
        await Assert.That(ready.GetProperty("version").GetString()).IsNotEmpty();
        await Assert.That(server.Token!.Length).IsGreaterThanOrEqualTo(43);
        await Assert.That(Permissions.Of(folder["new/deep"])).IsEqualTo("700");
    }

    [Test]
    public async Task A_token_that_was_given_is_not_repeated()
    {
        using var folder = new TempFolder();
        const string token = "abcdefghijklmnopqrstuvwxyz";
        await using (var server = await ServerProcess.StartAsync(folder["t.db"], environment: new Dictionary<string, string?> { ["TINYVEX_TOKEN"] = token }))
        {
            await Assert.That(server.Token).IsNull();
        }

        await File.WriteAllTextAsync(folder["token"], token + "\n");
        await using var byFile = await ServerProcess.StartAsync(folder["t.db"], ["--token-file", folder["token"]]);
        await Assert.That(byFile.Ready.GetRawText()).DoesNotContain(token);
    }

    [Test]
    public async Task The_data_directory_of_the_user_is_the_default()
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("only Linux takes the data directory from the environment");
        using var folder = new TempFolder();
        foreach (var (variable, expected) in ((string, string)[])[("XDG_DATA_HOME", "tinyvex/tinyvex.db"), ("HOME", ".local/share/tinyvex/tinyvex.db")])
        {
            using var process = Process.Start(new ProcessStartInfo(TestBinary.Path, ["serve", "--port", "0", "--exit-with-stdin"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["XDG_DATA_HOME"] = null, [variable] = folder.Path },
            })!;
            _ = process.StandardError.ReadToEndAsync();
            var ready = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync(Deadline.Token()))!).RootElement;
            process.StandardInput.Close();
            await process.WaitForExitAsync(Deadline.Token());
            await Assert.That(ready.GetProperty("db").GetString()).IsEqualTo(folder[expected]);
            await Assert.That(Permissions.Of(Path.GetDirectoryName(folder[expected])!)).IsEqualTo("700");
        }
    }

    [Test]
    [Arguments(new[] { "--bogus" }, "--bogus")]
    [Arguments(new[] { "--port", "x" }, "--port is a number from 0 to 65535; 'x' is not")]
    [Arguments(new[] { "--port", "65536" }, "--port is a number from 0 to 65535")]
    [Arguments(new[] { "--port", "-1" }, "--port is a number from 0 to 65535")]
    [Arguments(new[] { "--listen", "nowhere" }, "--listen is an IP address and a port")]
    [Arguments(new[] { "--listen", "127.0.0.1:1", "--port", "1" }, "not both")]
    [Arguments(new[] { "--listen", "0.0.0.0:0", "--auth", "none" }, "--auth none is for loopback addresses")]
    [Arguments(new[] { "--auth", "maybe" }, "maybe")]
    [Arguments(new[] { "--log-level", "loud" }, "--log-level is one of")]
    [Arguments(new[] { "--log-level", "3" }, "--log-level is one of")]
    [Arguments(new[] { "--log-format", "xml" }, "xml")]
    [Arguments(new[] { "--token-file", "/nowhere/token" }, "the token file cannot be read")]
    [Arguments(new[] { "--token-file", "{short}" }, "22 or more characters")]
    [Arguments(new[] { "--agents-file", "/nowhere/agents" }, "is no agents file")]
    [Arguments(new[] { "--agents-file", "{agents}" }, "is no agents file")]
    [Arguments(new[] { "--agents-file", "{unknown}" }, "is no agents file")]
    [Arguments(new[] { "--attach-grace", "-1" }, "--attach-grace is a number of seconds")]
    [Arguments(new[] { "--agent", "x" }, "--agent is NAME=")]
    [Arguments(new[] { "--agent", "x='y" }, "a ' is not closed")]
    [Arguments(new[] { "--default-agent", "nobody" }, "there is no agent 'nobody'")]
    [Arguments(new[] { "--allow-origin", "example.com" }, "--allow-origin is scheme://host")]
    public async Task Wrong_usage_is_exit_code_2_and_named(string[] arguments, string says)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["short"], "tooshort");
        await File.WriteAllTextAsync(folder["agents"], """{"agents":{"a":{"command":[]}}}""");
        await File.WriteAllTextAsync(folder["unknown"], """{"agnets":{}}""");
        arguments = [.. arguments.Select(argument => argument.StartsWith('{') ? folder[argument.Trim('{', '}')] : argument)];

        var (exitCode, output, errors) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], .. arguments]);

        await Assert.That(errors).Contains(says).And.StartsWith("tinyvex: ").And.DoesNotContain("   at ");
        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(output).IsEqualTo("");
        await Assert.That(File.Exists(folder["t.db"])).IsFalse();
    }

    [Test]
    public async Task A_short_token_in_the_environment_is_refused_and_not_repeated()
    {
        using var folder = new TempFolder();
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"]], new Dictionary<string, string?> { ["TINYVEX_TOKEN"] = "hunter2" });
        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(errors).Contains("$TINYVEX_TOKEN").And.DoesNotContain("hunter2");
    }

    [Test]
    public async Task An_address_in_use_is_exit_code_5()
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], "--port", $"{port}"]);
        await Assert.That(exitCode).IsEqualTo(5);
        await Assert.That(output).IsEqualTo("");
        await Assert.That(errors).Contains($"127.0.0.1:{port}").And.Contains("--port 0").And.DoesNotContain("Stopping").And.DoesNotContain("   at ");
    }

    [Test]
    public async Task Version_help_and_nothing_at_all()
    {
        var version = await ServerProcess.RunAsync(["--version"]);
        await Assert.That(version.Output).Matches("^tinyvex [0-9]+\\.[0-9]+\\.[0-9]+\\S* \\(SQLite 3\\.[0-9.]+\\)\\s*$");
        await Assert.That(version.ExitCode).IsEqualTo(0);
        var help = await ServerProcess.RunAsync(["--help"]);
        await Assert.That(help.Output).Contains("To begin\n  demo ").And.Contains("serve");
        await Assert.That(help.ExitCode).IsEqualTo(0);
        var nothing = await ServerProcess.RunAsync([]);
        await Assert.That(nothing.Output).IsEqualTo(help.Output);
        await Assert.That(nothing.ExitCode).IsEqualTo(2);
        var wrong = await ServerProcess.RunAsync(["serve", "--bogus"]);
        await Assert.That(wrong.Errors).Contains("tinyvex serve --help");
    }
}
