using System.CommandLine;
using Microsoft.Extensions.Logging;
using Tinyvex.Admission;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Cli.Turns;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex demo</c>: a first look, with an agent that needs no account and no key.</summary>
internal static class DemoVerb
{
    private const string Prompt = "Cut titles sometimes end in \uFFFD. Can you find out why and fix it?";

    /// <summary>Where the recorded agent worked.</summary>
    private const string Directory = "/home/dev/emoji-cut";

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
        using var loggers = arguments.Loggers(parsed, LogLevel.Warning);
        var options = arguments.Read(parsed);
        await using var link = await ServerLink.ToAnyAsync(options, Subprotocols.Sync, loggers, CancellationToken.None);
        using var interrupts = new Interrupts();
        var screen = Screen.Output;
        var server = RuntimeFile.Find(options.DatabasePath);
        screen.WriteLine(link.IsOwn
            ? $"Tinyvex listens on {server?.Url} and keeps everything in {options.DatabasePath}."
            : $"A server runs already at {server?.Url}; the demo uses it.");
        screen.WriteLine("An agent takes a turn now. It is a recording, but it comes over the real wire and out of the real store.");
        screen.WriteLine();

        var printer = new TurnPrinter(screen, Directory, showsUser: true);
        var turn = new TurnClient(link.Socket, printer, Settings(), TimeProvider.System);
        var outcome = await turn.RunAsync(new TurnRequest { Prompt = Prompt, Agent = "replay" }, interrupts);
        TurnEnd.PrintOutcome(outcome);
        if (outcome.ExitCode != RunOutcome.Completed || once || !link.IsOwn) return outcome.ExitCode;
        WhatNext(screen, server?.Ws, DataDirectory.Arguments(options.DatabasePath));
        await Task.WhenAny(interrupts.WaitAsync(), link.StopRequested);
        return (int)ExitCode.Stopped;
    }

    /// <summary>A recording can be let do what it wants, where nobody is there to ask.</summary>
    private static TurnSettings Settings() => Console.IsInputRedirected || !Screen.Output.IsTerminal
        ? new TurnSettings { Permissions = PermissionMode.Allow, Because = "nobody can type here, and it is only a recording" }
        : new TurnSettings { Permissions = PermissionMode.Ask, Prompt = new PermissionPrompt(Screen.Output, RunVerb.NextKey), Form = new ElicitationPrompt(Screen.Output, RunVerb.NextKey) };

    /// <param name="where">What names the database on a command line.</param>
    private static void WhatNext(Screen screen, string? address, string where)
    {
        var self = Environment.ProcessPath is { } path ? Path.GetRelativePath(Environment.CurrentDirectory, path) : "tinyvex";
        screen.WriteLine($"""

            {screen.Bold("What you saw is stored, and every client that connects sees it.")} The server goes on; Ctrl-C stops it.
            In another terminal:

              {self} show last{where}
                the turn once more, out of the store
              {self} open{where}
                the console of this server, in the browser
              {self} agents{where}
                which real agents there are, and how to get others
              {self} run{where} --agent NAME "Hello"
                a turn of one of them, on this server

            A client connects to {address}; README.md shows a small one.
            """);
    }
}
