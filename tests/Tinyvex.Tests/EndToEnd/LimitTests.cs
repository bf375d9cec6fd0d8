using System.Net;
using System.Net.WebSockets;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What happens at the limits that an operator can set.</summary>
public class LimitTests
{
    [Test]
    public async Task No_more_connections_are_let_in_than_there_may_be_however_many_come_at_once()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--max-connections", "5"]);

        var came = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TryConnectAsync(server)));

        var let = came.OfType<TestClient>().ToList();
        await Assert.That(let.Count).IsEqualTo(5);
        var refusal = await RawHttp.GetAsync(server, "/ws", $"Authorization: Bearer {server.Token}\r\n{RawHttp.Upgrade}");
        await Assert.That((refusal.Status, refusal.Body)).IsEqualTo((503, "The server has its 5 connections already.\n"));
        var page = await MetricsText.ScrapeAsync(server);
        await Assert.That((page["tinyvex_connections{mode=\"sync\"}"], page["tinyvex_connections_turned_away_total"])).IsEqualTo((5, 46));
        // Who is not let in at all takes nobody's place, and one who leaves makes room.
        await RawHttp.GetAsync(server, "/ws", RawHttp.Upgrade);
        await let[0].DisposeAsync();
        await MetricsText.UntilAsync(server.Url, server.Token, "tinyvex_connections{mode=\"sync\"}", count => count == 4);
        await using var next = await TestClient.ConnectAsync(server);
        await next.RequestAsync("\"control\":\"echo\"");
        foreach (var client in let) await client.DisposeAsync();
    }

    [Test]
    public async Task A_connection_has_no_more_subscriptions_than_it_may()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--max-subscriptions", "2"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.SubscribeAsync("messages", "a");
        await client.SubscribeAsync("messages", "b");

        await Assert.That(await client.RefusedAsync("\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"c\"")).IsEqualTo("overloaded");

        await client.AckedAsync("\"control\":\"tvx.unsubscribe\",\"stream\":\"messages\",\"threadId\":\"a\"");
        await client.SubscribeAsync("messages", "c");
        await using var other = await TestClient.ConnectAsync(server);
        await other.SubscribeAsync("messages", "c");
    }

    [Test]
    public async Task Too_many_wrong_tokens_are_turned_away_while_the_right_one_always_enters()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--max-failed-tokens", "3"]);
        string[] paths = ["/ws", "/metrics", "/ws?token=wrong"];
        foreach (var path in paths) await Assert.That((await RawHttp.GetAsync(server, path, "Authorization: Bearer wrong\r\n")).Status).IsEqualTo(401);

        foreach (var path in paths)
        {
            var answer = await RawHttp.GetAsync(server, path, "Authorization: Bearer wrong\r\n");
            await Assert.That(answer.Status).IsEqualTo(429);
            await Assert.That(int.Parse(answer.Header("Retry-After")!)).IsBetween(1, 60);
        }

        for (var i = 0; i < 20; i++)
        {
            await using var wrong = await TestClient.ConnectAsync(server.Ws, "tinyvex.v1", options => options.AddSubProtocol("tinyvex.token.wrong"));
            await wrong.Closed.WaitAsync(Deadline.Long);
            await Assert.That((int?)wrong.CloseStatus).IsEqualTo(4401);
        }

        await using var right = await TestClient.ConnectAsync(server);
        await right.RequestAsync("\"control\":\"echo\"");
        var page = await MetricsText.ScrapeAsync(server);
        await Assert.That((page["tinyvex_tokens_refused_total{answer=\"refused\"}"], page["tinyvex_tokens_refused_total{answer=\"turned_away\"}"])).IsEqualTo((3, 23));
        await Assert.That(server.Errors.Split("Too many came without the right token").Length - 1).IsEqualTo(1);
    }

    [Test]
    public async Task A_thread_takes_no_more_prompts_than_may_wait_in_it()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { await cancelled; return 'cancelled'; };");
        var (thread, _) = await stage.SubmitAsync("1");
        for (var i = 2; i <= 100; i++) await stage.SubmitAsync($"{i}", thread);

        await Assert.That(await stage.Client.RefusedAsync($"\"control\":\"run.submit\",\"text\":\"101\",\"threadId\":\"{thread}\"")).IsEqualTo("overloaded");

        var (_, elsewhere) = await stage.SubmitAsync("elsewhere");
        await stage.StateAsync(elsewhere, "running");
        await Assert.That((await MetricsText.ScrapeAsync(stage.Server))["tinyvex_runs_queued"]).IsEqualTo(99);
    }

    [Test]
    [Arguments("--max-connections")]
    [Arguments("--max-subscriptions")]
    [Arguments("--max-failed-tokens")]
    [Arguments("--max-agents")]
    public async Task A_limit_is_one_or_more(string option)
    {
        using var folder = new TempFolder();
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], option, "0"]);
        await Assert.That(exitCode).IsEqualTo((int)ExitCode.WrongUsage);
        await Assert.That(errors).Contains($"{option} is a number, 1 or more");
        foreach (var wrong in (string[])["abc", "99999999999", "1.5"])
        {
            var refused = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], option, wrong]);
            await Assert.That((refused.ExitCode, refused.Errors.Split('\n')[0])).IsEqualTo(((int)ExitCode.WrongUsage, $"tinyvex: {option} is a number, 1 or more; '{wrong}' is not"));
        }
    }

    /// <summary>A client; or null, and it was refused with HTTP 503.</summary>
    private static async Task<TestClient?> TryConnectAsync(ServerProcess server)
    {
        try
        {
            var client = await TestClient.ConnectAsync(server);
            await client.RequestAsync("\"control\":\"echo\"");
            return client;
        }
        catch (WebSocketException refused) when (refused.Message.Contains($"{(int)HttpStatusCode.ServiceUnavailable}", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
