using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Routes, status codes, the ways to show a token, and the choice of a mode.</summary>
public class EndpointTests
{
    private const string Token = "a-token.of~our_own-0123456789";

    private static Task<ServerProcess> StartAsync(TempFolder folder, params string[] arguments) =>
        ServerProcess.StartAsync(folder["t.db"], arguments, new Dictionary<string, string?> { ["TINYVEX_TOKEN"] = Token });

    [Test]
    public async Task Routes_answer_with_the_status_the_protocol_names()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder);
        const string bearer = $"Authorization: Bearer {Token}\r\n";
        (string Path, string Headers, string Method, int Status)[] cases =
        [
            ("/nothing", bearer, "GET", 404),
            ("/ws/", bearer, "GET", 404),
            ("/WS", bearer, "GET", 404),
            ("/ws", "", "GET", 401),
            ("/ws", "Authorization: Bearer wrong\r\n", "GET", 401),
            ("/ws", bearer, "GET", 426),
            ("/ws", bearer, "POST", 426),
            ($"/ws?token={Token}", "", "GET", 426),
            ($"/healthz?token={Token}", "", "GET", 200),
            ("/healthz", "", "HEAD", 200),
            ("/healthz", "", "DELETE", 405),
            ("/ws", bearer + RawHttp.Upgrade, "GET", 101),
            ("/ws", bearer + RawHttp.Upgrade.Replace(": 13", ": 8"), "GET", 426),
            ("/ws", bearer + RawHttp.Upgrade.Replace("AAAA", ""), "GET", 400),
            ("/ws", RawHttp.Upgrade, "GET", 101),
        ];
        foreach (var (path, headers, method, status) in cases)
        {
            var length = method == "POST" ? "Content-Length: 0\r\n" : "";
            var answer = method == "HEAD"
                ? await RawHttp.SendAsync(server, $"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                : await RawHttp.GetAsync(server, path, headers + length, method);
            await Assert.That(answer.Status).IsEqualTo(status).Because($"{method} {path} {headers}");
        }
    }

    [Test]
    public async Task Health_needs_no_token_and_tells_version_and_store()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder);

        var answer = await RawHttp.GetAsync(server, "/healthz");
        var health = Held.Health(JsonDocument.Parse(answer.Body).RootElement);

        await Assert.That(answer.Header("Content-Type")).StartsWith("application/json");
        await Assert.That(health.Text("status")).IsEqualTo("ok");
        await Assert.That(health.Text("version")).IsEqualTo(server.Ready.Text("version"));
        await Assert.That(health.Text("storeId")).IsEqualTo(server.Ready.Text("storeId"));
        await Assert.That(answer.Body).DoesNotContain(folder.Path);
    }

    [Test]
    public async Task A_token_is_taken_from_header_subprotocol_or_query()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder);
        await Assert.That(server.Token).IsNull();

        await using var byHeader = await TestClient.ConnectAsync(server.Ws, "tinyvex.v1", options => options.SetRequestHeader("Authorization", "bearer " + Token));
        await using var bySubprotocol = await TestClient.ConnectAsync(server.Ws, "tinyvex.v1", options => options.AddSubProtocol("tinyvex.token." + Token));
        await using var byQuery = await TestClient.ConnectAsync(new Uri(server.Ws + "?a=b&token=" + Token));
        await using var tokenFirst = await TestClient.ConnectAsync(server.Ws, "tinyvex.token." + Token, options => options.AddSubProtocol("tinyvex.v1"));

        foreach (var client in (TestClient[])[byHeader, bySubprotocol, byQuery, tokenFirst])
        {
            await Assert.That((await client.RequestAsync("\"control\":\"echo\"")).Text("type")).IsEqualTo("echo");
            await Assert.That(client.SubProtocol).IsEqualTo("tinyvex.v1");
        }

        await Assert.That(server.Errors).DoesNotContain(Token);
    }

    [Test]
    [Arguments(null)]
    [Arguments("")]
    [Arguments("a-token.of~our_own-012345678")]
    [Arguments("a-token.of~our_own-01234567890")]
    [Arguments("A-token.of~our_own-0123456789")]
    public async Task Without_the_right_token_a_socket_is_accepted_and_closed_with_4401(string? token)
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder);

        await using var client = await TestClient.ConnectAsync(server.Ws, "tinyvex.v1", options =>
        {
            if (token is not null) options.SetRequestHeader("Authorization", "Bearer " + token);
        });
        await client.Closed.WaitAsync(Deadline.Long);

        await Assert.That((int?)client.CloseStatus).IsEqualTo(4401);
        await Assert.That(client.Frames.TryRead(out _)).IsFalse();
    }

    [Test]
    public async Task The_subprotocol_chooses_the_mode_and_an_unknown_offer_is_refused()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder);
        (string Offer, int Status, string? Echo)[] cases =
        [
            ("tinyvex.v1", 101, "tinyvex.v1"),
            ("tinyvex.broadcast.v1", 101, "tinyvex.broadcast.v1"),
            ("chat, tinyvex.broadcast.v1", 101, "tinyvex.broadcast.v1"),
            ($"tinyvex.token.{Token}, tinyvex.v1", 101, "tinyvex.v1"),
            ("", 101, null),
            ("chat", 400, null),
            ("tinyvex.v2", 400, null),
            ("TINYVEX.V1", 400, null),
            ($"tinyvex.token.{Token}", 400, null),
        ];
        foreach (var (offer, status, echo) in cases)
        {
            var header = offer.Length == 0 ? "" : $"Sec-WebSocket-Protocol: {offer}\r\n";
            var answer = await RawHttp.GetAsync(server, "/ws", $"Authorization: Bearer {Token}\r\n{header}{RawHttp.Upgrade}");
            await Assert.That(answer.Status).IsEqualTo(status).Because(offer);
            await Assert.That(answer.Header("Sec-WebSocket-Protocol")).IsEqualTo(echo).Because(offer);
            await Assert.That(answer.Head + answer.Body).DoesNotContain(Token);
        }
    }

    [Test]
    public async Task With_authentication_off_no_token_is_needed()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--auth", "none"]);
        await Assert.That(server.Token).IsNull();

        await using var client = await TestClient.ConnectAsync(server.Ws);

        await Assert.That((await client.RequestAsync("\"control\":\"echo\"")).Text("type")).IsEqualTo("echo");
    }

    [Test]
    public async Task A_stopping_server_closes_with_1001()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var sync = await TestClient.ConnectAsync(server);
        await using var broadcast = await TestClient.ConnectAsync(server, subprotocol: null);
        await sync.RequestAsync("\"control\":\"echo\"");
        await broadcast.RequestAsync("\"control\":\"echo\"");

        await server.StopAsync();
        await Task.WhenAll(sync.Closed, broadcast.Closed).WaitAsync(Deadline.Long);

        await Assert.That(sync.CloseStatus).IsEqualTo(WebSocketCloseStatus.EndpointUnavailable);
        await Assert.That(broadcast.CloseStatus).IsEqualTo(WebSocketCloseStatus.EndpointUnavailable);
    }

    [Test]
    public async Task A_client_that_closes_is_answered_in_kind()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        for (var i = 0; i < 50; i++)
        {
            await using var client = await TestClient.ConnectAsync(server);
            await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Deadline.Token());
            await client.Closed.WaitAsync(Deadline.Long);
            await Assert.That(client.CloseStatus).IsEqualTo(WebSocketCloseStatus.NormalClosure);
        }
    }

    [Test]
    public async Task It_asks_for_as_many_files_as_it_takes_connections()
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("read from /proc");
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], shell: "ulimit -S -n 1000");

        var limit = File.ReadLines($"/proc/{server.Id}/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        await Assert.That(int.Parse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])).IsGreaterThanOrEqualTo(10_000);
    }

    [Test]
    public async Task Where_no_more_files_may_be_opened_it_goes_on_once_others_are_closed()
    {
        if (TestBinary.IsBuiltBesideTests) Skip.Test("it would have to load its libraries first, which are files too");
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], shell: "ulimit -n 200");
        var clients = new List<TcpClient>();
        for (var i = 0; i < 300; i++)
        {
            clients.Add(new TcpClient());
            await clients[^1].ConnectAsync(IPAddress.Loopback, server.Port, Deadline.Token());
        }

        var waiting = RawHttp.GetAsync(server, "/healthz");
        foreach (var client in clients) client.Dispose();

        await Assert.That((await waiting).Status).IsEqualTo(200);
    }
}
