using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Tinyvex.Connections;

/// <summary>
/// The HTTP server: Kestrel itself, without the hosting, routing and middleware around it, which would double the time to start.
/// Checks who asks, answers the few routes, and turns upgrades into connections.
/// </summary>
internal sealed partial class Listener : IHttpApplication<IFeatureCollection>, IAsyncDisposable
{
    /// <summary>Once its socket is gone a connection ends with the request that it is at, most of which take milliseconds.</summary>
    private static readonly TimeSpan LastRequests = TimeSpan.FromSeconds(1);

    private readonly TinyvexOptions _options;
    private readonly TimeProvider _time;
    private readonly Gate _gate;
    private readonly ILogger _logger;
    private readonly KestrelServer _server;
    private readonly HashSet<Connection> _connections = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ConnectionServices> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServerMetrics? _metrics;
    private Task _ticking = Task.CompletedTask;
    private long _lastNumber;

    /// <param name="transport">What brings connections.</param>
    public Listener(TinyvexOptions options, TimeProvider time, ILoggerFactory loggers, IConnectionListenerFactory transport)
    {
        _options = options;
        _time = time;
        _gate = new Gate(options);
        _logger = loggers.CreateLogger("Tinyvex");
        var kestrel = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false, ApplicationServices = NoServices.Instance };
        kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        // A WebSocket has limits of its own, by which a slow reader is not a bad one.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxConcurrentUpgradedConnections = null;
        _server = new KestrelServer(Options.Create(kestrel), transport, loggers);
    }

    /// <summary>The address that is listened on.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>WebSockets not yet let go of, those that were given up included.</summary>
    internal int OpenSockets => Snapshot().Count;

    /// <summary>Takes the address. Who asks is answered once <see cref="Serve"/> was called.</summary>
    /// <exception cref="StartupException">The address cannot be bound.</exception>
    public async Task BindAsync()
    {
        try
        {
            await _server.StartAsync(this, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException)
        {
            var endpoint = new IPEndPoint(_options.Address, _options.Port);
            var why = exception.InnerException is AddressInUseException ? "another program listens there" : (exception.InnerException ?? exception).Message;
            throw new StartupException(
                ExitCode.AddressUnusable, $"Cannot listen on {endpoint}: {why}. Choose another port with --port N; --port 0 takes any free one.", exception);
        }

        var bound = new UriBuilder(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        // Whoever listens everywhere is met on loopback by those on this machine, whom this address is told to.
        if (_options.Address.Equals(IPAddress.Any)) bound.Host = "127.0.0.1";
        else if (_options.Address.Equals(IPAddress.IPv6Any)) bound.Host = "[::1]";
        Url = bound.Uri;
    }

    /// <summary>From here on requests are answered.</summary>
    public void Serve(ConnectionServices services)
    {
        _ticking = TickAsync();
        _serving.SetResult(services);
    }

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        var local = context.Get<IHttpConnectionFeature>()?.LocalIpAddress;
        if (_gate.Refusal(request.Headers, local) is { } refusal)
        {
            LogRefused(refusal);
            await RespondAsync(context, 403, "text/plain; charset=utf-8", refusal + "\n");
            return;
        }

        var services = await _serving.Task;
        switch (request.Path)
        {
            case "/ws":
                await ServeSocketAsync(services, context, request);
                break;
            case "/healthz" when request.Method is "GET" or "HEAD":
                await HealthAsync(services, context);
                break;
            case "/healthz":
                await RespondAsync(context, 405, "text/plain; charset=utf-8", "Only GET is answered here.\n");
                break;
            case "/metrics" when request.Method is "GET" or "HEAD":
                await MetricsAsync(services, context, request);
                break;
            case "/metrics":
                await RespondAsync(context, 405, "text/plain; charset=utf-8", "Only GET is answered here.\n");
                break;
            default:
                await RespondAsync(context, 404, "text/plain; charset=utf-8", "There is nothing here. The WebSocket is at /ws.\n");
                break;
        }
    }

    private async Task ServeSocketAsync(ConnectionServices services, IFeatureCollection context, IHttpRequestFeature request)
    {
        var offered = Subprotocols.Parse(request.Headers.SecWebSocketProtocol);
        var hasToken = _gate.HasToken(request.Headers, offered, QueryToken(request.QueryString));
        var upgrade = context.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true } || !Handshake.IsUpgrade(request))
        {
            await (hasToken
                ? RespondAsync(context, 426, "text/plain; charset=utf-8", "This is a WebSocket endpoint; connect with a WebSocket client.\n", ("Upgrade", "websocket"))
                : RefuseTokenAsync(services, context));
            return;
        }

        if (Handshake.Problem(request) is { } problem)
        {
            await RespondAsync(context, problem.Status, "text/plain; charset=utf-8", problem.Message, ("Sec-WebSocket-Version", "13"));
            return;
        }

        if (!Subprotocols.TryChoose(offered, out var subprotocol))
        {
            await RespondAsync(
                context, 400, "text/plain; charset=utf-8", $"Offer the subprotocol {Subprotocols.Sync} or {Subprotocols.Broadcast}, or none at all.\n");
            return;
        }

        if (!hasToken && services.TokenFailures.Count(RemoteAddress(context)) is not null)
        {
            await TurnAwayAsync(context, request, upgrade, subprotocol);
            return;
        }

        if (hasToken && !services.Facts.TryAddConnection(services.Options.MaxConnections))
        {
            services.Counts.TurnAway();
            await RespondAsync(context, 503, "text/plain; charset=utf-8", $"The server has its {services.Options.MaxConnections} connections already.\n");
            return;
        }

        var stream = await AcceptAsync(services, context, request, upgrade, subprotocol, counted: hasToken);
        var number = Interlocked.Increment(ref _lastNumber);
        var broadcast = subprotocol != Subprotocols.Sync;
        if (context.Get<HttpSocket>()?.Take() is var (socket, received))
        {
            // The request ends here, and with it all that Kestrel has of the connection.
            stream = new NetworkStream(socket, ownsSocket: true);
            _ = ServeAsync(new Connection(number, stream, received, socket, broadcast, services, stream.Dispose), hasToken);
            return;
        }

        var lifetime = context.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        await ServeAsync(new Connection(
            number, stream, default, context.Get<IConnectionSocketFeature>()?.Socket, broadcast, services, lifetime.Abort), hasToken);
    }

    /// <summary>Answers the handshake. One that fails is no connection, and was counted as one.</summary>
    private static async Task<Stream> AcceptAsync(
        ConnectionServices services, IFeatureCollection context, IHttpRequestFeature request, IHttpUpgradeFeature upgrade, string? subprotocol, bool counted)
    {
        try
        {
            Handshake.Accept(request, context.GetRequiredFeature<IHttpResponseFeature>(), subprotocol);
            return await upgrade.UpgradeAsync();
        }
        catch
        {
            if (counted) services.Facts.RemoveConnection();
            throw;
        }
    }

    /// <summary>
    /// Closes a WebSocket of one too many without the right token, with nothing made for it and no answer waited for: it costs its handshake.
    /// </summary>
    private static async Task TurnAwayAsync(IFeatureCollection context, IHttpRequestFeature request, IHttpUpgradeFeature upgrade, string? subprotocol)
    {
        Handshake.Accept(request, context.GetRequiredFeature<IHttpResponseFeature>(), subprotocol);
        await using var stream = await upgrade.UpgradeAsync();
        await stream.WriteAsync(CloseCodes.TokenFrame);
    }

    private async Task ServeAsync(Connection connection, bool hasToken)
    {
        await using var ending = connection;
        lock (_connections)
        {
            // Checked under the lock that the stop takes, so that no connection slips through.
            if (_stopping.IsCancellationRequested) connection.Close(CloseCodes.Stopping, "the server is stopping");
            _connections.Add(connection);
        }

        try
        {
            // A browser sees no HTTP status on an upgrade, but it sees a close code.
            if (hasToken) await connection.RunAsync();
            else await connection.RefuseAsync(CloseCodes.Token, "the token is missing or wrong");
        }
        catch (Exception exception)
        {
            connection.LogFailed(exception);
        }
        finally
        {
            lock (_connections)
            {
                _connections.Remove(connection);
                if (_connections.Count == 0 && _stopping.IsCancellationRequested) _allEnded.TrySetResult();
            }
        }
    }

    private async Task MetricsAsync(ConnectionServices services, IFeatureCollection context, IHttpRequestFeature request)
    {
        if (!_gate.HasToken(request.Headers, [], QueryToken(request.QueryString)))
        {
            await RefuseTokenAsync(services, context);
            return;
        }

        // It looks at every connection, which takes its time where there are thousands.
        await SocketThreads.LeaveAsync();
        var page = LazyInitializer.EnsureInitialized(ref _metrics, () => new ServerMetrics(services)).Write();
        await RespondAsync(context, 200, ServerMetrics.ContentType, page);
    }

    private static Task RefuseTokenAsync(ConnectionServices services, IFeatureCollection context) =>
        services.TokenFailures.Count(RemoteAddress(context)) is { } wait
            ? RespondAsync(
                context, 429, "text/plain; charset=utf-8", "Too many requests came without the right token.\n",
                ("Retry-After", ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture)))
            : RespondAsync(context, 401, "text/plain; charset=utf-8", "A token is needed: Authorization: Bearer TOKEN.\n", ("WWW-Authenticate", "Bearer"));

    private static IPAddress? RemoteAddress(IFeatureCollection context) => context.Get<IHttpConnectionFeature>()?.RemoteIpAddress;

    private static async Task HealthAsync(ConnectionServices services, IFeatureCollection context)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var trouble = services.Writer.Trouble;
        using (var json = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, trouble is null ? "ok" : "store_error");
            if (trouble is not null) json.WriteString("reason"u8, trouble);
            json.WriteString("version"u8, services.Facts.Version);
            json.WriteString("storeId"u8, services.Identity.StoreId);
            json.WriteEndObject();
        }

        await RespondAsync(context, trouble is null ? 200 : 503, "application/json", System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static async Task RespondAsync(IFeatureCollection context, int status, string type, string text, (string Name, string Value)? header = null)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        response.StatusCode = status;
        response.Headers.ContentType = type;
        response.Headers.ContentLength = bytes.Length;
        response.Headers["X-Content-Type-Options"] = "nosniff";
        response.Headers.CacheControl = "no-store";
        if (header is { } more) response.Headers[more.Name] = more.Value;
        if (context.GetRequiredFeature<IHttpRequestFeature>().Method != "HEAD")
        {
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Stream.WriteAsync(bytes);
        }
    }

    private static string? QueryToken(string query)
    {
        foreach (var pair in query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("token=", StringComparison.Ordinal)) return Uri.UnescapeDataString(pair["token=".Length..]);
        }

        return null;
    }

    /// <summary>One timer for all connections: pings, and looks after those that are dead or stuck.</summary>
    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                foreach (var connection in Snapshot()) connection.Tick();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>The connections of this moment.</summary>
    public IReadOnlyCollection<Connection> Snapshot()
    {
        lock (_connections) return [.. _connections];
    }

    /// <summary>Tells every client that the server stops, and takes no more.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        lock (_connections)
        {
            if (_stopping.IsCancellationRequested) return;
            _stopping.Cancel();
            // Where it never came to serving, who waits for that is let go.
            _serving.TrySetCanceled();
            foreach (var connection in _connections) connection.Close(CloseCodes.Stopping, "the server is stopping");
            if (_connections.Count == 0) _allEnded.TrySetResult();
        }

        using var limit = new CancellationTokenSource(patience, _time);
        // Waits for what is still a request to end; beyond the limit it aborts it.
        await _server.StopAsync(limit.Token);
        await Task.WhenAny(_allEnded.Task, Task.Delay(Timeout.Infinite, limit.Token));
        foreach (var connection in Snapshot()) connection.Abort();
        await Task.WhenAny(_allEnded.Task, Task.Delay(LastRequests, _time));
        await _ticking;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _metrics?.Dispose();
        _server.Dispose();
        _stopping.Dispose();
    }

    [LoggerMessage(EventId = LogEvents.Refused, Level = LogLevel.Warning, Message = "Refused a request: {Why}")]
    private partial void LogRefused(string why);

    /// <summary>Kestrel asks for services only where a feature we do not use is configured.</summary>
    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
