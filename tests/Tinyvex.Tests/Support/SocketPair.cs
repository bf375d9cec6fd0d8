using System.Net;
using System.Net.Sockets;

namespace Tinyvex.Tests.Support;

/// <summary>Both ends of a TCP connection on this machine.</summary>
internal sealed record SocketPair(Socket Ours, Socket Theirs) : IDisposable
{
    public static async Task<SocketPair> ConnectAsync()
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        var theirs = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await theirs.ConnectAsync(listening.LocalEndPoint!, Deadline.Token());
        return new SocketPair(await listening.AcceptAsync(Deadline.Token()), theirs);
    }

    public void Dispose()
    {
        Ours.Dispose();
        Theirs.Dispose();
    }
}
