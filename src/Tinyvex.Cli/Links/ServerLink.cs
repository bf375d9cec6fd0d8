using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Links;

/// <summary>The running server of a database, or, where none runs, one that is started for this and ends with it.</summary>
internal sealed class ServerLink : IAsyncDisposable
{
    private readonly TinyvexServer? _own;
    private int _lastId;

    private ServerLink(string database, Uri url, ServerSocket socket, TinyvexServer? own)
    {
        (Database, Url, Socket, _own) = (database, url, socket, own);
        if (own is not null) _ = StopWhenAskedAsync(own);
    }

    /// <summary>The real path of the database that is served.</summary>
    public string Database { get; }

    /// <summary>Where the server listens.</summary>
    public Uri Url { get; }

    public ServerSocket Socket { get; }

    /// <summary>Whether the server ends with this link.</summary>
    public bool IsOwn => _own is not null;

    /// <param name="database">The file, or null for this user's.</param>
    /// <exception cref="StartupException">No server runs, or it cannot be reached.</exception>
    public static async Task<ServerLink> ToRunningAsync(string? database, string subprotocol, CancellationToken cancellationToken)
    {
        var path = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        return await TryRunningAsync(path, subprotocol, cancellationToken)
            ?? throw new StartupException(ExitCode.InternalError, $"No server runs on {path}. Start one with: tinyvex serve{DataDirectory.Arguments(path)}");
    }

    /// <summary>Takes the running server, and starts one with these options where there is none.</summary>
    public static async Task<ServerLink> ToAnyAsync(TinyvexOptions options, string subprotocol, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (await TryRunningAsync(options.DatabasePath, subprotocol, cancellationToken) is { } running) return running;
        TinyvexServer? server;
        try
        {
            server = await TinyvexServer.StartAsync(options, TimeProvider.System, loggers);
        }
        catch (AlreadyRunningException other) when (other.Server is { } since)
        {
            // Another one started in this moment.
            return await ToAsync(options.DatabasePath, since, subprotocol, cancellationToken);
        }

        try
        {
            return new ServerLink(options.DatabasePath, server.Url, await ServerSocket.ConnectAsync(server.Url, options.Token, subprotocol, cancellationToken), server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when a client asks the server to stop; of a server that is not our own, never.</summary>
    public Task StopRequested => _own?.StopRequested ?? new TaskCompletionSource().Task;

    /// <summary>Sends a request and gives its reply; for a link on which nothing else arrives meanwhile.</summary>
    /// <exception cref="StartupException">The server refuses, or is gone.</exception>
    public async Task<JsonElement> RequestAsync(JsonObject request, CancellationToken cancellationToken)
    {
        var frame = await AskAsync(id =>
        {
            request["id"] = id;
            return Encoding.UTF8.GetBytes(request.ToJsonString());
        }, cancellationToken);
        return frame.GetProperty("type").ValueEquals("tinyvex.error") ? throw new StartupException(ExitCode.InternalError, frame.GetProperty("message").GetString()!) : frame;
    }

    /// <summary>The same, of a request that is written for its id; a refusal is given as any reply.</summary>
    public async Task<JsonElement> AskAsync(Func<int, ReadOnlyMemory<byte>> request, CancellationToken cancellationToken)
    {
        var id = ++_lastId;
        await Socket.SendAsync(request(id), cancellationToken);
        while (await Socket.ReceiveAsync(cancellationToken) is { } message)
        {
            // What agents nest is stored up to a limit of its own, and stands some levels deeper in a frame.
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 512 });
            var frame = document.RootElement;
            if (frame.TryGetProperty("id", out var answered) && answered.ValueKind == JsonValueKind.Number && answered.GetInt32() == id) return frame.Clone();
        }

        throw new StartupException(ExitCode.InternalError, $"The server is gone: {Socket.CloseReason}");
    }

    /// <summary>The answer to a query.</summary>
    public Task<JsonElement> QueryAsync(string name, JsonObject args, CancellationToken cancellationToken) =>
        RequestAsync(new JsonObject { ["control"] = "tvx.query", ["name"] = name, ["args"] = args }, cancellationToken);

    /// <summary>A server of our own ends when a client asks it to, too; its command then sees the connection close.</summary>
    private static async Task StopWhenAskedAsync(TinyvexServer own)
    {
        await own.StopRequested;
        await own.DisposeAsync();
    }

    private static async Task<ServerLink?> TryRunningAsync(string path, string subprotocol, CancellationToken cancellationToken) =>
        RuntimeFile.Find(path) is { } server ? await ToAsync(path, server, subprotocol, cancellationToken) : null;

    private static async Task<ServerLink> ToAsync(string path, RuntimeFile server, string subprotocol, CancellationToken cancellationToken)
    {
        var url = new Uri(server.Url);
        return new ServerLink(path, url, await ServerSocket.ConnectAsync(url, server.Token, subprotocol, cancellationToken), null);
    }

    public async ValueTask DisposeAsync()
    {
        Socket.Dispose();
        if (_own is not null) await _own.DisposeAsync();
    }
}
