using System.CommandLine;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex serve</c>.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var server = new ServerArguments();
        var exitWithStdin = new Option<bool>("--exit-with-stdin") { Description = "Stop when stdin ends: so the server ends with the program that started it." };
        var verb = new Command("serve", """
            Start the server. When it listens it prints one line of JSON on stdout, with its address
            and the token to connect with; logs go to stderr. Stop it with Ctrl-C or SIGTERM.
            """);
        server.AddTo(verb);
        verb.Options.Add(exitWithStdin);
        verb.SetAction((parsed, _) => RunAsync(parsed, server, parsed.GetValue(exitWithStdin)));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ServerArguments arguments, bool exitWithStdin)
    {
        using var stop = new StopSignal(exitWithStdin);
        using var loggers = arguments.Loggers(parsed);
        try
        {
            await using var server = await TinyvexServer.StartAsync(arguments.Read(parsed), TimeProvider.System, loggers);
            await SayAsync(server.Ready.ToJson());
            await Task.WhenAny(stop.Requested, server.StopRequested);
            return (int)ExitCode.Stopped;
        }
        catch (AlreadyRunningException other)
        {
            await SayAsync(new AlreadyRunningLine
            {
                Url = other.Server?.Url,
                Ws = other.Server?.Ws,
                Pid = other.Server?.Pid,
                Db = other.Database,
            }.ToJson());
            throw new StartupException(ExitCode.AlreadyRunning, other.Message, other);
        }
    }

    /// <summary>One line on stdout in one write, so that whoever reads it never gets half of it.</summary>
    private static async Task SayAsync(string line)
    {
        await using var stdout = Console.OpenStandardOutput();
        await stdout.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
    }
}
