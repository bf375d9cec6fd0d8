using System.CommandLine;
using Tinyvex.Cli.Proxying;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex acp</c>: an editor's agent, whose sessions are stored and shown elsewhere too.</summary>
internal sealed class AcpVerb
{
    private readonly Option<string?> _database = ServerArguments.Database();

    private readonly Option<string?> _agent = new("--agent")
    {
        Description = "The agent, by its name in agents.json beside the database, or with its command; without it the default.",
        HelpName = "NAME[=\"COMMAND ARGS\"]",
    };

    private readonly Argument<string[]> _command = new("command")
    {
        Description = "The agent's command, behind --; its threads carry the name that --agent gives, or else the program's.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>How long the end of a session may take to be stored: the editor may be waiting for ours.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);

    private AcpVerb()
    {
    }

    public static Command Create()
    {
        var acp = new AcpVerb();
        var verb = new Command("acp", """
            Be the ACP agent that an editor starts: runs the real one, passes all messages in both directions
            as they are, and has the session stored and shown to every client. Uses the running server, or
            starts one that ends with it. A permission is asked in the editor and of all clients; the first
            answer counts.

            The exit code is the agent's own. The editor's session goes on where the store fails.
            """)
        {
            acp._command,
            acp._agent,
            acp._database,
        };
        verb.SetAction((parsed, _) => acp.RunAsync(parsed));
        return verb;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var (agent, options) = ProxyArguments.Read(parsed.GetValue(_agent), parsed.GetValue(_command) ?? [], parsed.GetValue(_database));
        using var stop = new StopSignal(withStdin: false);
        using var process = ProxiedAgent.Start(agent, options);
        var toAgent = new SharedOutput(process.Input);
        var toEditor = new SharedOutput(new EditorStream(Console.OpenStandardOutput()));
        using var loggers = ServerArguments.LoggersForCommand();
        var race = new AnswerRace(toAgent, toEditor, TimeProvider.System);
        await using var recorder = new Recorder(agent, options, race, toAgent, loggers, TimeProvider.System);
        var tracker = new SessionTracker(race, recorder.Note);
        recorder.Start();
        var code = await new Proxy(process, toAgent, toEditor, tracker).RunAsync(stop.Requested);
        tracker.AgentEnded(code);
        await recorder.FinishAsync(StorePatience);
        return code;
    }
}
