using System.Net.Sockets;

namespace Tinyvex.Tests.Storm;

/// <summary>Connects with a small buffer of the system, so that one who stops reading is soon felt by the server.</summary>
internal static class NarrowHandler
{
    public static SocketsHttpHandler Create(int bytes) => new()
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = bytes };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
