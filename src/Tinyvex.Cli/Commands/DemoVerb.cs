using System.CommandLine;
using Microsoft.Extensions.Logging;
using Tinyvex.Cli.Terminal;
using Tinyvex.Connections;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex demo</c>: a first look, with an agent that needs no account and no key.</summary>
internal static class DemoVerb
{
    private const string Prompt = "Cut titles sometimes end in \uFFFD. Can you find out why and fix it?";

    public static Command Create()
    {
        var server = new ServerArguments();
        var once = new Option<bool>("--once") { Description = "Stop the server after the turn." };
        var verb = new Command("demo", """
            Start the server, send a prompt to an agent that plays a recording (no account, no key),
            and show its turn as every client sees it. The server then goes on until Ctrl-C.
            """);
        server.AddTo(verb);
        verb.Options.Add(once);
        verb.SetAction((parsed, _) => RunAsync(parsed, server, parsed.GetValue(once)));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ServerArguments arguments, bool once)
    {
        using var stop = new StopSignal(withStdin: false);
        using var loggers = arguments.Loggers(parsed, LogLevel.Warning);
        var options = arguments.Read(parsed);
        TinyvexServer? server = null;
        try
        {
            server = await TinyvexServer.StartAsync(options, TimeProvider.System, loggers);
        }
        catch (AlreadyRunningException running) when (running.Server is not null)
        {
            Console.WriteLine($"A server runs already at {running.Server.Url}; the demo uses it.");
        }

        await using (server)
        {
            var url = server?.Url ?? new Uri(RuntimeFile.Read(DataDirectory.Prepare(options.DatabasePath))!.Url);
            var token = server is null ? RuntimeFile.Read(DataDirectory.Prepare(options.DatabasePath))!.Token : options.Token;
            if (server is not null) Console.WriteLine($"Tinyvex listens on {url.GetLeftPart(UriPartial.Authority)} and keeps everything in {server.Ready.Db}.");
            Console.WriteLine("An agent takes a turn now. It is a recording, but it comes over the real wire and out of the real store.");
            TurnClient.AnswerForNobody = 0;
            var done = await TurnAsync(url, token, stop);
            if (!done || once || server is null) return done ? 0 : 1;
            WhatNext(server);
            await Task.WhenAny(stop.Requested, server.StopRequested);
            return 0;
        }
    }

    private static async Task<bool> TurnAsync(Uri url, string? token, StopSignal stop)
    {
        using var socket = await ServerSocket.ConnectAsync(url, token, Subprotocols.Sync, CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var turn = new TurnClient(socket).RunAsync(Prompt, "replay", null, null, cancel.Token);
        if (await Task.WhenAny(turn, stop.Requested) == turn) return await turn;
        await cancel.CancelAsync();
        return false;
    }

    private static void WhatNext(TinyvexServer server)
    {
        var self = Environment.ProcessPath is { } path ? Path.GetRelativePath(Environment.CurrentDirectory, path) : "tinyvex";
        Console.WriteLine($"""

            {Paint.Bold("What you saw is stored, and every client that connects sees it.")} The server goes on; Ctrl-C stops it.
            In another terminal:

              {self} run "Hello"
                another turn, on this server
              {self} serve --agent codex="npx -y @agentclientprotocol/codex-acp"
                for real, with an agent of your own; serve --help says more

            A client connects to {server.Ready.Ws}; README.md shows a small one.
            """);
    }
}
