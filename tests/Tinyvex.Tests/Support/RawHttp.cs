using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tinyvex.Tests.Support;

/// <summary>One HTTP request, byte for byte as it is given: clients of the framework would mend or refuse what these tests send.</summary>
internal sealed record RawHttp(int Status, string Head, string Body)
{
    /// <summary>Headers of an upgrade as a browser sends them, without <c>Host</c>.</summary>
    public const string Upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

    /// <summary>Sends a request whose <c>Host</c> is the server's own, unless the headers hold one.</summary>
    public static Task<RawHttp> GetAsync(ServerProcess server, string path, string headers = "", string method = "GET")
    {
        var host = headers.Contains("Host:", StringComparison.Ordinal) ? "" : $"Host: 127.0.0.1:{server.Port}\r\n";
        return SendAsync(server, $"{method} {path} HTTP/1.1\r\n{host}{headers}\r\n");
    }

    /// <summary>Sends text and reads one answer.</summary>
    public static async Task<RawHttp> SendAsync(ServerProcess server, string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, Deadline.Token());
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Deadline.Token());
        var received = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, Deadline.Token());
            if (read == 0) break;
            received.Write(buffer, 0, read);
            if (IsWhole(Encoding.UTF8.GetString(received.ToArray()))) break;
        }

        var answer = Encoding.UTF8.GetString(received.ToArray());
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return new RawHttp(int.Parse(answer.Split(' ')[1]), answer[..end], answer[(end + 4)..]);
    }

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) =>
        Head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    private static bool IsWhole(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        var parsed = new RawHttp(0, answer[..end], "");
        if (answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) return true;
        return parsed.Header("Content-Length") is { } length && Encoding.UTF8.GetByteCount(answer[(end + 4)..]) >= int.Parse(length);
    }
}
