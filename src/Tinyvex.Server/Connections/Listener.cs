using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tinyvex.Admission;
using Tinyvex.Metrics;
using Tinyvex.Pages;
using Tinyvex.Requests;

namespace Tinyvex.Connections;

/// <summary>
/// The HTTP server: Kestrel itself, without the hosting, routing and middleware around it, which would double the time to start.
/// Checks who asks, answers the few routes, and turns upgrades into connections (its other half, Listener.Sockets.cs).
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
    private readonly ConsolePages _pages = new(typeof(Listener).Assembly);
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
            await HttpAnswer.SendAsync(context, 403, HttpAnswer.Text, refusal + "\n");
            return;
        }

        var services = await _serving.Task;
        switch (request.Path)
        {
            case "/ws":
                await ServeSocketAsync(services, context, request);
                break;
            case "/healthz":
                await (HttpAnswer.IsLook(context) ? HealthAsync(services, context) : HttpAnswer.RefuseMethodAsync(context));
                break;
            case "/metrics":
                await (HttpAnswer.IsLook(context) ? MetricsAsync(services, context, request) : HttpAnswer.RefuseMethodAsync(context));
                break;
            default:
                await _pages.AnswerAsync(context);
                break;
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
        await HttpAnswer.SendAsync(context, 200, ServerMetrics.ContentType, page);
    }

    private static Task RefuseTokenAsync(ConnectionServices services, IFeatureCollection context) =>
        services.TokenFailures.Count(RemoteAddress(context)) is { } wait
            ? HttpAnswer.SendAsync(
                context, 429, HttpAnswer.Text, "Too many requests came without the right token.\n",
                ("Retry-After", ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture)))
            : HttpAnswer.SendAsync(context, 401, HttpAnswer.Text, "A token is needed: Authorization: Bearer TOKEN.\n", ("WWW-Authenticate", "Bearer"));

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

        await HttpAnswer.SendAsync(context, trouble is null ? 200 : 503, "application/json", System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static string? QueryToken(string query) => QueryValue(query, "token");

    private static string? QueryValue(string query, string name)
    {
        foreach (var pair in query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith(name, StringComparison.Ordinal) && pair.AsSpan(name.Length).StartsWith("=")) return Uri.UnescapeDataString(pair[(name.Length + 1)..]);
        }

        return null;
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
