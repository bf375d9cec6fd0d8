using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>
/// A server as a process of its own, started as a shell would start it. Ends with the test, by its stdin where nothing else ends it.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    private ServerProcess(Process process)
    {
        _process = process;
        _reading = ReadErrorsAsync();
    }

    public JsonElement Ready { get; private set; }

    public int Port => Ready.GetProperty("port").GetInt32();

    public Uri Url => new(Ready.GetProperty("url").GetString()!);

    public Uri Ws => new(Ready.GetProperty("ws").GetString()!);

    /// <summary>The token the server made; null where it was given one, or none is needed.</summary>
    public string? Token => Ready.TryGetProperty("token", out var token) ? token.GetString() : null;

    public string Database => Ready.GetProperty("db").GetString()!;

    public int Id => _process.Id;

    public Process Process => _process;

    /// <summary>What the server logged so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>Starts <c>tinyvex serve</c>, on a free port where none is given, and waits until it listens. <paramref name="shell"/> is run before it, in its process.</summary>
    public static async Task<ServerProcess> StartAsync(
        string database, string[]? arguments = null, IReadOnlyDictionary<string, string?>? environment = null, string? shell = null, int port = 0,
        bool exitWithStdin = true)
    {
        var server = Spawn(["serve", "--db", database, "--port", $"{port}", .. exitWithStdin ? ["--exit-with-stdin"] : (string[])[], .. arguments ?? []], environment, shell);
        try
        {
            var line = await server._process.StandardOutput.ReadLineAsync(Deadline.Token());
            if (line is null)
            {
                await server._process.WaitForExitAsync(Deadline.Token());
                await server._reading;
                throw new InvalidOperationException($"the server ended with {server._process.ExitCode}: {server.Errors}");
            }

            server.Ready = Held.FirstLine(JsonDocument.Parse(line).RootElement);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program with any arguments to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string[] arguments, IReadOnlyDictionary<string, string?>? environment = null, string? input = null)
    {
        await using var server = Spawn(arguments, environment);
        if (input is not null) await server._process.StandardInput.WriteAsync(input);
        server._process.StandardInput.Close();
        var output = await server._process.StandardOutput.ReadToEndAsync(Deadline.Token());
        await server._process.WaitForExitAsync(Deadline.Token());
        await server._reading;
        return (server._process.ExitCode, output, server.Errors);
    }

    /// <summary>Ends the server as if it crashed, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Deadline.Token());
    }

    /// <summary>Ends the server by the end of its stdin, and answers its exit code.</summary>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(Deadline.Token());
        return _process.ExitCode;
    }

    private static ServerProcess Spawn(string[] arguments, IReadOnlyDictionary<string, string?>? environment, string? shell = null)
    {
        var start = new ProcessStartInfo(shell is null ? TestBinary.Path : "/bin/sh", shell is null ? arguments : ["-c", shell + "; exec \"$0\" \"$@\"", TestBinary.Path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("TINYVEX_TOKEN");
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return new ServerProcess(Process.Start(start)!);
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors) _errors.AppendLine(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            try
            {
                await _process.WaitForExitAsync(Deadline.Token());
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await _reading;
        _process.Dispose();
    }
}
