using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tinyvex.Connections;

namespace Tinyvex.Bench.Kestrel;

/// <summary>Kestrel with the product's settings, and every request an upgrade.</summary>
internal sealed class BareServer : IHttpApplication<IFeatureCollection>, IDisposable
{
    private readonly KestrelServer _server;
    private readonly int _frameBytes;
    private readonly ConcurrentDictionary<string, Feed> _feeds = new(StringComparer.Ordinal);

    public BareServer(int frameBytes)
    {
        _frameBytes = frameBytes;
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false, ApplicationServices = new NoServices() };
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        options.Limits.MinResponseDataRate = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxConcurrentUpgradedConnections = null;
        var transport = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true }), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    /// <summary>Listens, and answers the port.</summary>
    public async Task<int> StartAsync()
    {
        await _server.StartAsync(this, CancellationToken.None);
        return new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        Handshake.Accept(context.GetRequiredFeature<IHttpRequestFeature>(), context.GetRequiredFeature<IHttpResponseFeature>(), subprotocol: null);
        await using var stream = await context.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await new BareConnection(stream, this, _frameBytes).RunAsync();
    }

    public Feed FeedOf(string threadId) => _feeds.GetOrAdd(threadId, static _ => new Feed());

    public void Dispose() => _server.Dispose();

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
