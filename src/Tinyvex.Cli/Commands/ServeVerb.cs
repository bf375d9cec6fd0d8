using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Contract.Lines;
using Tinyvex.Guarding;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex serve</c>.</summary>
internal static partial class ServeVerb
{
    public static Command Create()
    {
        var server = new ServerArguments();
        var exitWithStdin = new Option<bool>("--exit-with-stdin") { Description = "Stop when stdin ends: so the server ends with the program that started it." };
        var ingestStdin = new Option<bool>("--ingest-stdin")
        {
            Description = "Take requests on stdin, one JSON object a line, such as tvx.ingest; those with an id are answered on stdout, where prompts and answers for the program come too.",
        };
        var parentPid = NumberOption.Count("--parent-pid", "Stop when the process of this id ends: so the server ends with a program that holds no pipe.");
        var open = new Option<bool>("--open") { Description = "Open the console in the browser once the server listens." };
        var verb = new Command("serve", """
            Start the server. When it listens it prints one line of JSON on stdout, with its address
            and the token to connect with; logs go to stderr. Stop it with Ctrl-C or SIGTERM.
            """);
        server.AddTo(verb);
        foreach (var option in (Option[])[exitWithStdin, ingestStdin, parentPid, open]) verb.Options.Add(option);
        verb.SetAction((parsed, _) => RunAsync(
            parsed, server, parsed.GetValue(exitWithStdin), parsed.GetValue(ingestStdin), parsed.GetValue(parentPid), parsed.GetValue(open)));
        return verb;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, ServerArguments arguments, bool exitWithStdin, bool ingestStdin, int? parentPid, bool open)
    {
        using var parent = parentPid is { } pid ? ProcessWatch.Open(pid) ?? throw NoProcess(pid) : null;
        // Who reads the lines sees their end too.
        using var stop = new StopSignal(exitWithStdin && !ingestStdin);
        using var loggers = arguments.Loggers(parsed);
        try
        {
            await using var server = await TinyvexServer.StartAsync(arguments.Read(parsed), TimeProvider.System, loggers);
            await SayAsync(JsonSerializer.Serialize(server.Ready, HostingJson.Default.ReadyLine));
            var opening = open ? OpenAsync(server, loggers, stop.Token) : Task.CompletedTask;
            var never = new TaskCompletionSource().Task;
            var inputEnded = ingestStdin ? server.ServeLines(Console.OpenStandardInput(), ClosedOutput.Open()) : never;
            var parentEnded = parent?.Ended ?? never;
            await Task.WhenAny(stop.Requested, server.StopRequested, exitWithStdin ? inputEnded : never, parentEnded);
            var logger = loggers.CreateLogger("Tinyvex");
            if (parentEnded.IsCompleted) LogParentEnded(logger, parentPid!.Value);
            await opening;
            return (int)ExitCode.Stopped;
        }
        catch (AlreadyRunningException other)
        {
            var line = new AlreadyRunningLine
            {
                Url = other.Server?.Url,
                Ws = other.Server?.Ws,
                Pid = other.Server?.Pid,
                Db = other.Database,
            };
            await SayAsync(JsonSerializer.Serialize(line, HostingJson.Default.AlreadyRunningLine));
            throw new StartupException(ExitCode.AlreadyRunning, other.Message, other);
        }
    }

    private static StartupException NoProcess(int pid) => new(
        ExitCode.WrongUsage, $"--parent-pid is the id of a process that runs, as the one that starts the server finds in its own id; {pid} is none");

    /// <summary>A server without a browser is still a server, so that one cannot be opened is only said.</summary>
    private static async Task OpenAsync(TinyvexServer server, ILoggerFactory loggers, CancellationToken stopping)
    {
        var link = server.NewConsoleLink();
        if (await Browser.OpenAsync(link, stopping) is not { } problem) return;
        // A person gets the link. Where nobody looks stderr is a log, which the code has no business in.
        if (Screen.Error.IsTerminal) await Console.Error.WriteLineAsync($"tinyvex: {problem}. {Browser.ByHand(link)}");
        else LogNotOpened(loggers.CreateLogger("Tinyvex"), problem, DataDirectory.Arguments(server.Ready.Db));
    }

    /// <summary>One line on stdout in one write, so that whoever reads it never gets half of it.</summary>
    private static async Task SayAsync(string line)
    {
        await using var stdout = Console.OpenStandardOutput();
        await stdout.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
    }

    [LoggerMessage(EventId = LogEvents.ParentEnded, Level = LogLevel.Information, Message = "Process {Pid} has ended, and the server ends with it")]
    private static partial void LogParentEnded(ILogger logger, int pid);

    [LoggerMessage(EventId = LogEvents.BrowserNotOpened, Level = LogLevel.Warning, Message = "{Problem}. 'tinyvex open --print{Where}' says which link to open")]
    private static partial void LogNotOpened(ILogger logger, string problem, string where);
}
