using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Tinyvex.Connections;

/// <summary>
/// What is beneath Kestrel: sockets that a WebSocket can take away from it. The framework's own transport keeps its socket for as long
/// as that is open, and with it all that was needed to parse one request, which is most of what an idle connection costs.
/// </summary>
internal sealed class SocketTransport(TimeProvider time) : IConnectionListenerFactory
{
    /// <summary>Connections that the system completes before they are taken: many clients come at once when a server has started.</summary>
    private const int Backlog = 512;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket socket;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(exception.Message, exception);
        }

        socket.Listen(Backlog);
        return ValueTask.FromResult<IConnectionListener>(new SocketListener(socket, time));
    }
}
