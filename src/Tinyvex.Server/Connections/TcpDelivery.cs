using System.Buffers.Binary;
using System.Net.Sockets;

namespace Tinyvex.Connections;

/// <summary>How much of what was sent on a TCP connection has been taken by the other side's system.</summary>
internal static class TcpDelivery
{
    /// <summary><c>TCP_INFO</c>, tcp(7).</summary>
    private const int TcpInfo = 11;

    private const int IpProtoTcp = 6;

    /// <summary>Where <c>tcpi_bytes_acked</c> stands in Linux's <c>struct tcp_info</c> (linux/tcp.h), since 4.1.</summary>
    private const int BytesAcked = 120;

    /// <summary>Bytes acknowledged since the connection began; 0 where the system does not say, and once the socket is closed.</summary>
    public static long Bytes(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux()) return 0;
        Span<byte> info = stackalloc byte[BytesAcked + sizeof(long)];
        try
        {
            return socket.GetRawSocketOption(IpProtoTcp, TcpInfo, info) < info.Length ? 0 : BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcked..]);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
