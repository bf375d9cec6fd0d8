using System.Text.Json;
using System.Threading.Channels;

namespace Tinyvex.Tests.Support;

/// <summary>A program that speaks with its server by stdin and stdout, a line each. What it reads is held against the contract.</summary>
internal sealed class LineHost : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Channel<JsonElement> _lines = Channel.CreateUnbounded<JsonElement>();
    private Task _reading = Task.CompletedTask;

    public ServerProcess Server { get; private set; } = null!;

    public string Database => _folder["t.db"];

    public string FileBeside(string name) => _folder[name];

    /// <param name="reads">Whether stdout is read.</param>
    public static async Task<LineHost> StartAsync(string[]? arguments = null, bool reads = true, bool exitWithStdin = true)
    {
        var host = new LineHost();
        try
        {
            host.Server = await ServerProcess.StartAsync(host.Database, ["--ingest-stdin", .. arguments ?? []], exitWithStdin: exitWithStdin);
            if (reads) host._reading = Task.Run(host.ReadAsync);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async Task SendAsync(params string[] lines)
    {
        foreach (var line in lines) await Server.Process.StandardInput.WriteAsync(line + "\n");
        await Server.Process.StandardInput.FlushAsync();
    }

    /// <summary>The next line, whatever it is.</summary>
    public async Task<JsonElement> NextAsync() => await _lines.Reader.ReadAsync(Deadline.Token());

    public async Task<JsonElement> NextAsync(string type)
    {
        var line = await NextAsync();
        await Assert.That(line.Text("type")).IsEqualTo(type).Because(line.GetRawText());
        return line;
    }

    /// <summary>All lines until the server's end.</summary>
    public async Task<List<JsonElement>> RestAsync()
    {
        var rest = new List<JsonElement>();
        await foreach (var line in _lines.Reader.ReadAllAsync(Deadline.Token())) rest.Add(line);
        return rest;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await Server.Process.StandardOutput.ReadLineAsync() is { } line) _lines.Writer.TryWrite(Held.Frame(JsonElement.Parse(line)));
            _lines.Writer.TryComplete();
        }
        catch (Exception fault)
        {
            _lines.Writer.TryComplete(fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            if (!Server.Process.HasExited) Server.Process.Kill();
            await Server.DisposeAsync();
        }

        await _reading;
        _folder.Dispose();
    }
}
