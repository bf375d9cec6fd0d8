using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Tinyvex.Connections;

/// <summary>Takes the connections that arrive at an address.</summary>
internal sealed class SocketListener(Socket socket, TimeProvider time) : IConnectionListener
{
    /// <summary>Where the process may have no more files, others have to end first; asking again at once would take a core.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private long _accepted;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <summary>The next connection; null once it is unbound.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await socket.AcceptAsync(cancellationToken);
                // A frame is sent when it is there, not with the next one.
                accepted.NoDelay = true;
                return new HttpSocket(accepted, ++_accepted);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.TooManyOpenSockets)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (SocketException)
            {
                // Its client was gone before it was taken.
                accepted?.Dispose();
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
