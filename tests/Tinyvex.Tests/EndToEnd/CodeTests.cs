using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>One-time codes, as a browser uses them.</summary>
public class CodeTests
{
    [Test]
    public async Task A_code_lets_in_once_and_gives_the_token()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var first = await TestClient.ConnectAsync(server);
        var before = DateTimeOffset.Now.ToUnixTimeMilliseconds();
        var answer = await first.RequestAsync("\"control\":\"auth.code\"");
        var code = answer.Text("code");
        await Assert.That(answer.Text("type")).IsEqualTo("auth.code");
        await Assert.That(answer.GetProperty("expiresAt").GetInt64() - before).IsBetween(299_000, 330_000);

        await using var second = await WithCodeAsync(server, code);
        await Assert.That(second.SubProtocol).IsEqualTo("tinyvex.v1");
        var token = await second.RequestAsync("\"control\":\"auth.token\"");
        await Assert.That((token.Text("type"), token.Text("token"))).IsEqualTo(("auth.token", server.Token!));
        // Whoever came in by a code is let in like all others.
        await using var third = await WithCodeAsync(server, (await second.RequestAsync("\"control\":\"auth.code\"")).Text("code"));
        await third.RequestAsync("\"control\":\"echo\"");

        await RefusedAsync(server, code);
        var page = await MetricsText.ScrapeAsync(server);
        await Assert.That(page["tinyvex_tokens_refused_total{answer=\"refused\"}"]).IsEqualTo(1);
        await Assert.That(server.Errors).DoesNotContain(code);
    }

    [Test]
    public async Task The_server_never_repeats_it()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--log-level", "Trace"]);
        await using var client = await TestClient.ConnectAsync(server);
        var code = (await client.RequestAsync("\"control\":\"auth.code\"")).Text("code");
        foreach (var offer in (string[])[$"tinyvex.code.{code}", $"tinyvex.code.{code}, tinyvex.v1", $"tinyvex.v1, tinyvex.code.{code}"])
        {
            var answer = await RawHttp.GetAsync(server, "/ws", $"Sec-WebSocket-Protocol: {offer}\r\n{RawHttp.Upgrade}");
            await Assert.That(answer.Head + answer.Body).DoesNotContain(code);
            await Assert.That(answer.Status).IsEqualTo(offer.Contains("v1", StringComparison.Ordinal) ? 101 : 400);
        }

        await Assert.That((await RawHttp.GetAsync(server, "/" + code)).Body).DoesNotContain(code);
        await server.StopAsync();
        await Assert.That(server.Errors).DoesNotContain(code);
    }

    [Test]
    public async Task A_wrong_one_is_a_wrong_token_in_every_way()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--max-failed-tokens", "2"]);
        await using var client = await TestClient.ConnectAsync(server);
        for (var i = 0; i < 4; i++) await RefusedAsync(server, "wrong-but-as-long-as-a-code-that-is-a-right-on");

        var page = await MetricsText.ScrapeAsync(server);
        await Assert.That((page["tinyvex_tokens_refused_total{answer=\"refused\"}"], page["tinyvex_tokens_refused_total{answer=\"turned_away\"}"])).IsEqualTo((2, 2));
        // The right one enters, as the right token does, and is good for a socket alone.
        var code = (await client.RequestAsync("\"control\":\"auth.code\"")).Text("code");
        await Assert.That((await RawHttp.GetAsync(server, "/metrics", $"Authorization: Bearer {code}\r\n")).Status).IsEqualTo(429);
        await using var right = await WithCodeAsync(server, code);
        await right.RequestAsync("\"control\":\"echo\"");
    }

    [Test]
    public async Task Of_too_many_the_oldest_is_taken_no_more()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var codes = new List<string>();
        for (var i = 0; i < 101; i++) codes.Add((await client.RequestAsync("\"control\":\"auth.code\"")).Text("code"));

        await RefusedAsync(server, codes[0]);
        await using var second = await WithCodeAsync(server, codes[1]);
        await second.RequestAsync("\"control\":\"echo\"");
        await using var last = await WithCodeAsync(server, codes[^1]);
        await last.RequestAsync("\"control\":\"echo\"");
    }

    [Test]
    public async Task Without_authentication_there_is_no_token_and_any_code_will_do()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--auth", "none"]);
        await using var first = await TestClient.ConnectAsync(server);
        var code = (await first.RequestAsync("\"control\":\"auth.code\"")).Text("code");
        foreach (var offered in (string[])[code, code, "wrong"])
        {
            await using var client = await WithCodeAsync(server, offered);
            await Assert.That((await client.RequestAsync("\"control\":\"auth.token\"")).GetProperty("token").ValueKind).IsEqualTo(JsonValueKind.Null);
        }
    }

    private static Task<TestClient> WithCodeAsync(ServerProcess server, string code) =>
        TestClient.ConnectAsync(server.Ws, "tinyvex.v1", options => options.AddSubProtocol("tinyvex.code." + code));

    private static async Task RefusedAsync(ServerProcess server, string code)
    {
        await using var client = await WithCodeAsync(server, code);
        await client.Closed.WaitAsync(Deadline.Long);
        await Assert.That((int?)client.CloseStatus).IsEqualTo(4401);
    }
}
