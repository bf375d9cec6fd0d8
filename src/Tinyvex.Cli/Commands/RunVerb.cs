using System.CommandLine;
using Microsoft.Extensions.Logging;
using Tinyvex.Admission;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Cli.Turns;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex run</c>: one prompt to an agent, and its turn as it happens.</summary>
internal sealed class RunVerb
{
    private readonly Option<string?> _database = ServerArguments.Database();

    private readonly Argument<string[]> _prompt = new("prompt")
    {
        Description = "What the agent is asked to do. With - it is read from stdin; what is piped in beside a prompt is sent along with it.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _agent = new("--agent")
    {
        Description = "The agent; without it the thread's, or the default. With a command it is made known to the server that this starts.",
        HelpName = "NAME[=\"COMMAND ARGS\"]",
    };

    private readonly Option<string?> _thread = new("--thread") { Description = $"A thread to go on with, {CommonOptions.ThreadNames}; without it, a new one.", HelpName = "THREAD" };

    private readonly Option<bool> _continue = new("--continue", "-c") { Description = "Go on with the thread that was used last, as --thread last does." };

    private readonly Option<string?> _directory = new("--cwd") { Description = "Where the agent works. Without it, a new thread works in the current directory.", HelpName = "DIR" };

    private readonly Option<Policy?> _policy = PolicyOption.Create(
        $"What the thread's agent may do without asking, from now on: {PolicyNames.Listed}. Without it, as the thread has it.");

    private readonly Option<PermissionMode?> _permissions = new("--permissions")
    {
        Description = "How permission requests are answered that the policy leaves open. Without it they are asked on a terminal, and rejected elsewhere and with --json.",
        HelpName = "ask|reject|allow",
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "ask":
                    return PermissionMode.Ask;
                case "reject":
                    return PermissionMode.Reject;
                case "allow":
                    return PermissionMode.Allow;
                default:
                    result.AddError($"--permissions is ask, reject or allow; '{result.Tokens[0].Value}' is not");
                    return null;
            }
        },
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the server's frames, one a line, and a last line tinyvex.run_result." };

    private RunVerb()
    {
    }

    public static Command Create()
    {
        var run = new RunVerb();
        UnknownOptions.Refuse(run._prompt);
        var verb = new Command("run", """
            Send a prompt to an agent and show its turn. Uses the running server, or starts one that ends
            with the turn. Ctrl-C cancels the turn, a second one quits at once.

            Exit codes: 0 the turn is done, 1 it failed or the server is gone, 2 wrong usage, 6 the agent
            ended it early (refusal, max_tokens, max_turn_requests), 130 it was cancelled; 3, 4 and 5 as
            of serve. A turn ends with the command: also when nobody reads its output any more (141).
            """)
        {
            run._prompt,
            run._agent,
            run._thread,
            run._continue,
            run._directory,
            run._policy,
            run._permissions,
            run._json,
            run._database,
        };
        verb.SetAction((parsed, _) => run.RunAsync(parsed));
        return verb;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        if (parsed.GetValue(_continue) && parsed.GetValue(_thread) is not null) throw Wrong("give --continue or --thread THREAD, not both");
        var directory = Directory(parsed);
        var (agent, options) = Options(parsed);
        var prompt = await PromptText.ReadAsync(parsed.GetValue(_prompt) ?? [], TimeProvider.System);
        using var loggers = ServerArguments.LoggersForCommand(LogLevel.Warning);
        await using var link = await ServerLink.ToAnyAsync(options, Subprotocols.Sync, loggers, CancellationToken.None);
        if (link.IsOwn && Screen.Error.IsTerminal) Screen.Error.WriteLine(Screen.Error.Dim("No server runs, so this command has one of its own, which ends with it."));
        if (!link.IsOwn && agent.IsDefined) await CheckKnownAsync(link, agent.Name!);
        var thread = parsed.GetValue(_continue) ? await LastThreadAsync(link) : await NamedThreadAsync(link, parsed.GetValue(_thread));

        var request = new TurnRequest
        {
            Prompt = prompt,
            Agent = agent.Name,
            ThreadId = thread,
            // A new thread works where its prompt was typed.
            WorkingDirectory = directory ?? (thread is null ? Environment.CurrentDirectory : null),
            Policy = parsed.GetValue(_policy) is { } policy ? PolicyNames.NameOf(policy) : null,
        };
        var json = parsed.GetValue(_json);
        var screen = json ? Screen.Nowhere : Screen.Output;
        var printer = new TurnPrinter(screen, directory ?? Environment.CurrentDirectory, showsUser: false);
        using var interrupts = new Interrupts();
        var turn = new TurnClient(link.Socket, printer, Settings(parsed.GetValue(_permissions), json), TimeProvider.System);
        var outcome = await turn.RunAsync(request, interrupts);
        TurnEnd.PrintOutcome(outcome);
        Advise(outcome, turn, request, link);
        TurnEnd.PrintSummary(screen, options.DatabasePath, turn, printer.ToolCalls);
        return outcome.ExitCode;
    }

    /// <summary>Who answers permission requests: silence is no consent, so where nobody can be asked the answer is no.</summary>
    private static TurnSettings Settings(PermissionMode? wanted, bool json)
    {
        var screen = !json && Screen.Output.IsTerminal ? Screen.Output : Screen.Error;
        var prompt = !Console.IsInputRedirected && screen.IsTerminal ? new PermissionPrompt(screen, NextKey) : null;
        var mode = wanted ?? (prompt is not null && !json ? PermissionMode.Ask : PermissionMode.Reject);
        var asks = mode == PermissionMode.Ask && prompt is not null;
        return new TurnSettings
        {
            Permissions = mode,
            Prompt = asks ? prompt : null,
            Form = asks ? new ElicitationPrompt(screen, NextKey) : null,
            Json = json ? new TurnJson(Console.Out) : null,
        };
    }

    public static ConsoleKeyInfo? NextKey() => Console.KeyAvailable ? Console.ReadKey(intercept: true) : null;

    private string? Directory(ParseResult parsed)
    {
        if (parsed.GetValue(_directory) is not { } directory) return null;
        var full = Path.GetFullPath(directory);
        return System.IO.Directory.Exists(full) ? full : throw Wrong($"--cwd: there is no directory {full}");
    }

    /// <summary>The agent that was named, and the server to start where none runs: on any free port, with agents as configured.</summary>
    private ((string? Name, bool IsDefined) Agent, TinyvexOptions Options) Options(ParseResult parsed)
    {
        var given = parsed.GetValue(_agent);
        var isDefined = given?.Contains('=', StringComparison.Ordinal) == true;
        var options = ServerArguments.ForCommand(parsed.GetValue(_database), isDefined ? [given!] : []);
        return ((isDefined ? ServerArguments.ReadAgent(given!).Name : given, isDefined), options);
    }

    private static async Task CheckKnownAsync(ServerLink link, string agent)
    {
        var reply = await link.QueryAsync("agents.list", [], CancellationToken.None);
        if (!reply.Items("rows").Any(row => row.Text("name") == agent))
        {
            throw new StartupException(
                ExitCode.InternalError,
                $"A server runs, and does not know the agent '{agent}'. Add it: tinyvex agents add{DataDirectory.Arguments(link.Database)} {agent} -- COMMAND ARGS");
        }

        Screen.Error.WriteLine(Screen.Error.Dim($"A server runs; '{Printable.Line(agent)}' is taken as it is known there."));
    }

    private static async Task<string> LastThreadAsync(ServerLink link) =>
        (await ThreadRows.TryFindAsync(link, ThreadRows.Last, CancellationToken.None))?.Text("id") ?? throw Wrong("there is no thread to go on with yet; leave --continue out");

    /// <summary>One that is not found goes to the server as it is, whose refusal is a result as any other.</summary>
    private static async Task<string?> NamedThreadAsync(ServerLink link, string? named) =>
        named is null ? null : (await ThreadRows.TryFindAsync(link, named, CancellationToken.None))?.Text("id") ?? named;

    /// <summary>What would help, where that is known.</summary>
    private static void Advise(RunOutcome outcome, TurnClient turn, TurnRequest request, ServerLink link)
    {
        var where = DataDirectory.Arguments(link.Database);
        var advice = outcome.ErrorCode switch
        {
            "not_found" when request.ThreadId is not null => $"'tinyvex threads{where}' lists the threads there are.",
            "agent_unavailable" when link.IsOwn => $"Name an agent with its command, --agent NAME=\"COMMAND ARGS\", or see 'tinyvex agents{where}'.",
            "agent_unavailable" => $"'tinyvex agents{where}' lists those there are, and how to get others.",
            null when turn.Agent == "replay" && request is { Agent: null, ThreadId: null } =>
                $"No agent is the default, so a recording was played. 'tinyvex agents{where}' lists real ones: tinyvex run{where} --agent codex \"…\"",
            _ => null,
        };
        if (advice is not null) Screen.Error.WriteLine(Screen.Error.Dim(advice));
    }

    private static StartupException Wrong(string message) => new(ExitCode.WrongUsage, message);
}
