using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tinyvex.Connections;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Connections;

/// <summary>How a connection gets from Kestrel, which answers its handshake, to us.</summary>
public class TransportTests
{
    private const string Echo = "{\"control\":\"echo\",\"payload\":\"right behind\"}";

    private static Task<TinyvexServer> StartAsync(string database, IConnectionListenerFactory? transport = null) => TinyvexServer.StartAsync(
        new TinyvexOptions { DatabasePath = database, Address = IPAddress.Loopback, Port = 0 }, TimeProvider.System, NullLoggerFactory.Instance, transport);

    private static byte[] Handshake(Uri ws) => Encoding.ASCII.GetBytes($"GET /ws HTTP/1.1\r\nHost: {ws.Authority}\r\n{RawHttp.Upgrade}\r\n");

    private static byte[] Frame(string json) => [0x81, (byte)(0x80 | json.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(json)];

    private static async Task<string> ReadToAsync(NetworkStream stream, string end)
    {
        var read = new StringBuilder();
        var buffer = new byte[1_024];
        while (!read.ToString().Contains(end, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, Deadline.Token());
            if (count == 0) throw new EndOfStreamException(read.ToString());
            read.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    [Test]
    public async Task What_a_client_sends_right_behind_its_handshake_is_answered()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"]);
        var ws = new Uri(server.Ready.Ws);
        byte[] all = [.. Handshake(ws), .. Frame(Echo)];
        // Cut at each place from within the handshake's last line to within the frame.
        for (var cut = Handshake(ws).Length - 3; cut <= all.Length; cut++)
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(ws.Host, ws.Port, Deadline.Token());
            await client.GetStream().WriteAsync(all.AsMemory(0, cut), Deadline.Token());
            await client.GetStream().WriteAsync(all.AsMemory(cut), Deadline.Token());

            await Assert.That(await ReadToAsync(client.GetStream(), "right behind")).StartsWith("HTTP/1.1 101");
        }
    }

    [Test]
    public async Task A_connection_that_is_no_socket_of_ours_is_served_over_its_stream()
    {
        using var folder = new TempFolder();
        var other = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        await using var server = await StartAsync(folder["t.db"], other);
        await using (var client = await TestClient.ConnectAsync(new Uri(server.Ready.Ws)))
        {
            await client.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"t1\"");
            await client.IngestAsync("t1", Wire.Chunk("over a stream"));

            await Assert.That((await client.NextAsync()).Text("append")).IsEqualTo("over a stream");
            await server.DisposeAsync();
            await client.Closed.WaitAsync(Deadline.Long);
            await Assert.That((int)client.CloseStatus!.Value).IsEqualTo(1001);
        }
    }

    [Test]
    public async Task A_socket_beneath_another_layer_is_not_taken()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var plain = new HttpSocket(pair.Ours, 1);
        // As Kestrel does it for TLS.
        await using var wrapped = new HttpSocket(pair.Theirs, 2) { Transport = plain };

        await Assert.That(wrapped.Take()).IsNull();
        await Assert.That(plain.Take()).IsNotNull();
    }

    [Test]
    public async Task Once_it_was_taken_the_end_of_the_request_leaves_the_socket_open()
    {
        using var pair = await SocketPair.ConnectAsync();
        var connection = new HttpSocket(pair.Ours, 1);
        var (socket, _) = connection.Take()!.Value;
        await connection.DisposeAsync();
        connection.Abort(new ConnectionAbortedException());

        await pair.Theirs.SendAsync("x"u8.ToArray(), Deadline.Token());
        await Assert.That(await socket.ReceiveAsync(new byte[1], Deadline.Token())).IsEqualTo(1);
        await Assert.That(connection.Take()).IsNull();
    }

    [Test]
    public async Task What_is_written_to_a_client_that_is_gone_fails_where_it_is_read()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var connection = new HttpSocket(pair.Ours, 1);
        pair.Theirs.LingerState = new LingerOption(true, 0);
        pair.Theirs.Dispose();

        for (var i = 0; i < 3; i++) await connection.Output.WriteAsync(new byte[100], Deadline.Token());

        await Assert.That(async () => await connection.Input.ReadAsync(Deadline.Token())).Throws<Exception>();
    }
}
