using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Admission;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex watch</c>: every update, one line each.</summary>
internal static class WatchVerb
{
    /// <summary>Soon at first, since a restart takes a moment; then at a pace that costs nothing.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var thread = new Option<string?>("--thread") { Description = $"This thread alone, {CommonOptions.ThreadNames}.", HelpName = "THREAD" };
        var json = CommonOptions.Json("the frames as the server sends them, one a line (docs/protocol.md)");
        var database = ServerArguments.Database();
        var verb = new Command("watch", """
            Show every update of the running server as it comes, one line each, beginning with up to a
            hundred of the last. When the server goes away, wait for it to come back. Ctrl-C ends it.
            """)
        {
            thread,
            json,
            database,
        };
        verb.SetAction((parsed, _) => WatchAsync(parsed.GetValue(database), parsed.GetValue(thread), parsed.GetValue(json)));
        return verb;
    }

    private static async Task<int> WatchAsync(string? database, string? thread, bool json)
    {
        using var stop = new StopSignal(withStdin: false);
        var watching = FollowAsync(database, thread, json, stop.Token);
        var first = await Task.WhenAny(watching, stop.Requested);
        // Who is asked to end may have ended before this saw who was first.
        if (first == watching && !stop.Token.IsCancellationRequested) await watching;
        return 0;
    }

    private static async Task FollowAsync(string? database, string? thread, bool json, CancellationToken cancellationToken)
    {
        var printer = new UpdatePrinter(Screen.Output, json);
        var subprotocol = thread is null ? Subprotocols.Broadcast : Subprotocols.Sync;
        var link = await ServerLink.ToRunningAsync(database, subprotocol, cancellationToken);
        var threadId = thread is null ? null : (await ThreadRows.FindAsync(link, thread, cancellationToken)).Text("id")!;
        while (true)
        {
            await using (link)
            {
                await PrintAsync(link, threadId, printer, cancellationToken);
                await Console.Error.WriteLineAsync($"tinyvex: the server is gone ({Printable.Line(link.Socket.CloseReason ?? "")}); waiting for it to come back. Ctrl-C ends this.");
            }

            link = await BackAsync(database, subprotocol, cancellationToken);
            await Console.Error.WriteLineAsync("tinyvex: it is back.");
        }
    }

    private static async Task PrintAsync(ServerLink link, string? threadId, UpdatePrinter printer, CancellationToken cancellationToken)
    {
        if (threadId is not null)
        {
            await link.Socket.SendAsync(
                new JsonObject { ["control"] = "tvx.subscribe", ["id"] = "watch", ["stream"] = "thread", ["threadId"] = threadId }.ToJsonString(), cancellationToken);
        }

        while (await link.Socket.ReceiveAsync(cancellationToken) is { } message)
        {
            using var document = JsonDocument.Parse(message);
            printer.Print(document.RootElement);
        }
    }

    private static async Task<ServerLink> BackAsync(string? database, string subprotocol, CancellationToken cancellationToken)
    {
        for (var wait = FirstWait; ; wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks)))
        {
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
            try
            {
                return await ServerLink.ToRunningAsync(database, subprotocol, cancellationToken);
            }
            catch (StartupException notYet) when (notYet.ExitCode == ExitCode.InternalError)
            {
                // It is not back yet: that is what is waited for.
            }
        }
    }
}
