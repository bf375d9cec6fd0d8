using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Tinyvex.Admission;
using Tinyvex.Pages;
using Tinyvex.Requests;

namespace Tinyvex.Connections;

/// <summary>The WebSockets: who is let in, and those that are open.</summary>
internal sealed partial class Listener
{
    private async Task ServeSocketAsync(ConnectionServices services, IFeatureCollection context, IHttpRequestFeature request)
    {
        var offered = Subprotocols.Parse(request.Headers.SecWebSocketProtocol);
        var hasToken = _gate.HasToken(request.Headers, offered, QueryToken(request.QueryString));
        var upgrade = context.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true } || !Handshake.IsUpgrade(request))
        {
            await (hasToken
                ? HttpAnswer.SendAsync(context, 426, HttpAnswer.Text, "This is a WebSocket endpoint; connect with a WebSocket client.\n", ("Upgrade", "websocket"))
                : RefuseTokenAsync(services, context));
            return;
        }

        if (Handshake.Problem(request) is { } problem)
        {
            await HttpAnswer.SendAsync(context, problem.Status, HttpAnswer.Text, problem.Message, ("Sec-WebSocket-Version", "13"));
            return;
        }

        if (!Subprotocols.TryChoose(offered, out var subprotocol))
        {
            await HttpAnswer.SendAsync(
                context, 400, HttpAnswer.Text, $"Offer the subprotocol {Subprotocols.Sync} or {Subprotocols.Broadcast}, or none at all.\n");
            return;
        }

        if (ClientName.Author(QueryValue(request.QueryString, "client")) is not { } author)
        {
            await HttpAnswer.SendAsync(context, 400, HttpAnswer.Text, ClientName.Problem);
            return;
        }

        // A code stands in for the token. Whatever else is shown with it, it is spent.
        hasToken |= services.Codes.TryTake(offered);
        if (!hasToken && services.TokenFailures.Count(RemoteAddress(context)) is not null)
        {
            await TurnAwayAsync(context, request, upgrade, subprotocol);
            return;
        }

        if (hasToken && !services.Facts.TryAddConnection(services.Options.MaxConnections))
        {
            services.Counts.TurnAway();
            await HttpAnswer.SendAsync(context, 503, HttpAnswer.Text, $"The server has its {services.Options.MaxConnections} connections already.\n");
            return;
        }

        var stream = await AcceptAsync(services, context, request, upgrade, subprotocol, counted: hasToken);
        var number = Interlocked.Increment(ref _lastNumber);
        var broadcast = subprotocol != Subprotocols.Sync;
        if (context.Get<HttpSocket>()?.Take() is var (socket, received))
        {
            // The request ends here, and with it all that Kestrel has of the connection.
            stream = new NetworkStream(socket, ownsSocket: true);
            _ = ServeAsync(new Connection(number, stream, received, socket, broadcast, author, services, stream.Dispose), hasToken);
            return;
        }

        var lifetime = context.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        await ServeAsync(new Connection(
            number, stream, default, context.Get<IConnectionSocketFeature>()?.Socket, broadcast, author, services, lifetime.Abort), hasToken);
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

    /// <summary>What there is of connections at this moment.</summary>
    public ConnectionTotals Totals()
    {
        var totals = default(ConnectionTotals);
        foreach (var connection in Snapshot())
        {
            // One that was given up is no longer counted, though its socket may still be there.
            if (connection.HasLeft) continue;
            var (subscriptions, behind) = connection.CountPlaces();
            totals = new ConnectionTotals(
                totals.Sync + (connection.IsBroadcast ? 0 : 1), totals.Broadcast + (connection.IsBroadcast ? 1 : 0),
                totals.Subscriptions + subscriptions, totals.Behind + behind);
        }

        return totals;
    }

    /// <summary>The connections of this moment.</summary>
    public IReadOnlyCollection<Connection> Snapshot()
    {
        lock (_connections) return [.. _connections];
    }
}
