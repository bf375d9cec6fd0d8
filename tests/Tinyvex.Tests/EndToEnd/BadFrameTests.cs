using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Frames that are no requests: each is answered, changes nothing, and leaves the connection as it was.</summary>
public class BadFrameTests
{
    private static async Task StillWorksAsync(TestClient client)
    {
        await Assert.That((await client.RequestAsync("\"control\":\"echo\",\"payload\":\"x\"")).Text("payload")).IsEqualTo("x");
        await Assert.That(await client.RowsAsync("threads.list")).IsEmpty();
    }

    [Test]
    public async Task What_is_no_JSON_object_is_refused_and_the_connection_goes_on()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var deep = new string('[', 100_000);
        (string Frame, string Code)[] cases =
        [
            ("hello", "bad_json"),
            ("", "bad_json"),
            (" ", "bad_json"),
            ("{", "bad_json"),
            ("{}{}", "bad_json"),
            ("{'control':'echo'}", "bad_json"),
            ("{\"control\":\"echo\",}", "bad_json"),
            ("{\"control\":\"echo\"} // comment", "bad_json"),
            ("\uFEFF{\"control\":\"echo\"}", "bad_json"),
            ("{\"control\":\"\\x\"}", "bad_json"),
            ("{\"control\":01}", "bad_json"),
            ("{\"control\":NaN}", "bad_json"),
            (deep, "bad_json"),
            ("{\"control\":\"echo\",\"payload\":" + deep + new string(']', 100_000) + "}", "bad_json"),
            ("[]", "bad_request"),
            ("null", "bad_request"),
            ("\"echo\"", "bad_request"),
            ("7", "bad_request"),
            ("{}", "bad_request"),
            ("{\"control\":null}", "bad_request"),
            ("{\"control\":7}", "bad_request"),
            ("{\"control\":[\"echo\"]}", "bad_request"),
            ("{\"control\":\"\"}", "unknown_control"),
            ("{\"control\":\"Echo\"}", "unknown_control"),
            ("{\"control\":\"\\ud800\"}", "bad_request"),
            ("{\"control\":\"echo\",\"\\ud800\":1}", "bad_request"),
            ("{\"id\":true,\"control\":\"echo\"}", "bad_request"),
            ("{\"id\":{},\"control\":\"echo\"}", "bad_request"),
            ("{\"id\":[1],\"control\":\"echo\"}", "bad_request"),
            ("{\"id\":\"" + new string('i', 1025) + "\",\"control\":\"echo\"}", "too_large"),
            ("{\"id\":" + new string('1', 1025) + ",\"control\":\"echo\"}", "too_large"),
        ];
        foreach (var (frame, code) in cases)
        {
            await client.SendAsync(frame);
            var error = await client.NextAsync();
            await Assert.That(error.Text("type")).IsEqualTo("tinyvex.error").Because(Wire.Shorten(frame));
            await Assert.That(error.Text("code")).IsEqualTo(code).Because(Wire.Shorten(frame));
            await Assert.That(error.Has("id")).IsFalse();
        }

        await StillWorksAsync(client);
        await Assert.That(server.Errors).DoesNotContain("failed");
    }

    [Test]
    public async Task A_binary_frame_gets_bad_request_and_the_connection_goes_on()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var request = Encoding.UTF8.GetBytes($"{{{Wire.Ingest("t1", Wire.Chunk("x"))}}}");

        foreach (var bytes in (byte[][])[request, [], [0xFF, 0x00], new byte[1024 * 1024]])
        {
            await client.SendBytesAsync(bytes, WebSocketMessageType.Binary);
            await Assert.That((await client.NextAsync()).Text("code")).IsEqualTo("bad_request");
        }

        await StillWorksAsync(client);
    }

    [Test]
    public async Task Any_id_that_is_a_string_or_a_number_comes_back_as_it_was()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        string[] ids =
        [
            "0", "-1", "1.50", "1e400", "9007199254740993", "123456789012345678901234567890", "\"\"", "\"ä😀\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"",
            "\"a\\\"b\"", $"\"{new string('i', 1000)}\"",
        ];
        foreach (var id in ids)
        {
            await client.SendAsync($"{{\"control\":\"echo\",\"id\":{id}}}");
            await Assert.That((await client.NextAsync()).GetProperty("id").GetRawText()).IsEqualTo(id);
            await client.SendAsync($"{{\"control\":\"nothing\",\"id\":{id}}}");
            await Assert.That((await client.NextAsync()).GetProperty("id").GetRawText()).IsEqualTo(id);
        }

        await client.SendAsync("{\"control\":\"echo\",\"id\":null}");
        await Assert.That((await client.NextAsync()).Has("id")).IsFalse();
        // Of a name that is given twice the last counts, as in every browser.
        await client.SendAsync("{\"control\":\"nothing\",\"id\":1,\"control\":\"echo\",\"id\":2}");
        await Assert.That((await client.NextAsync()).Number("id")).IsEqualTo(2);
    }

    [Test]
    public async Task A_frame_in_many_pieces_is_one_frame()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var frame = Encoding.UTF8.GetBytes("{\"control\":\"echo\",\"payload\":\"ä😀\"}");

        for (var i = 0; i < frame.Length; i++)
        {
            await client.Socket.SendAsync(frame.AsMemory(i, 1), WebSocketMessageType.Text, i == frame.Length - 1, Deadline.Token());
        }

        await Assert.That((await client.NextAsync()).Text("payload")).IsEqualTo("ä😀");
    }

    [Test]
    public async Task A_frame_up_to_16_MiB_is_taken_and_a_larger_one_closes_with_1009()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var other = await TestClient.ConnectAsync(server);

        var largest = $"{{{Wire.Ingest("t1", Wire.Chunk("TEXT"))},\"id\":1}}";
        await client.SendAsync(largest.Replace("TEXT", new string('x', 16 * 1024 * 1024 - largest.Length + 4)));
        await Assert.That((await client.NextAsync()).Text("type")).IsEqualTo("tinyvex.ack");
        try
        {
            await client.SendAsync($"{{{Wire.Ingest("t2", Wire.Chunk(new string('x', 17 * 1024 * 1024)))}}}");
        }
        catch (WebSocketException)
        {
            // The server may hang up before all of it was sent.
        }

        await client.Closed.WaitAsync(Deadline.Long);
        await Assert.That(client.CloseStatus).IsEqualTo(WebSocketCloseStatus.MessageTooBig);
        await Assert.That((await other.RowsAsync("threads.list")).Length).IsEqualTo(1);
    }

    [Test]
    public async Task A_frame_cut_off_by_a_lost_connection_changes_nothing()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--auth", "none"]);
        await using var other = await TestClient.ConnectAsync(server);
        var frame = Encoding.UTF8.GetBytes($"{{{Wire.Ingest("t1", Wire.Chunk("x"))}}}");

        for (var cut = 0; cut < frame.Length; cut += 7)
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync("127.0.0.1", server.Port, Deadline.Token());
            var stream = tcp.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /ws HTTP/1.1\r\nHost: localhost\r\nSec-WebSocket-Protocol: tinyvex.v1\r\n{RawHttp.Upgrade}\r\n"));
            await Assert.That(await stream.ReadAsync(new byte[1024], Deadline.Token())).IsGreaterThan(0);
            // A masked text frame, the mask being zeros, of which only a part is sent.
            await stream.WriteAsync((byte[])[0x81, 0x80 | 126, (byte)(frame.Length >> 8), (byte)frame.Length, 0, 0, 0, 0, .. frame.AsSpan(0, cut)]);
        }

        await Deadline.UntilAsync(
            () => Connections(other).GetAwaiter().GetResult() == 1, "all lost connections are gone");
        await StillWorksAsync(other);
    }

    private static async Task<long> Connections(TestClient client) => (await client.RowsAsync("server.info"))[0].Number("connections");

    [Test]
    public async Task Text_that_is_no_UTF8_closes_as_the_WebSocket_protocol_says()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        for (var i = 0; i < 20; i++)
        {
            await using var client = await TestClient.ConnectAsync(server);
            await client.SendBytesAsync([.. "{\"control\":\"echo\",\"payload\":\""u8, 0xC3, 0x28, .. "\"}"u8], WebSocketMessageType.Text);
            await client.Closed.WaitAsync(Deadline.Long);
            await Assert.That(client.CloseStatus).IsEqualTo(WebSocketCloseStatus.InvalidPayloadData);
        }
    }
}
