using System.CommandLine;
using Tinyvex.Cli.Commands;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli;

/// <summary>The door of the one file: a verb, then its arguments.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        // A guard is started for every agent, so it is kept clear of all that the other verbs need.
        if (args is ["guard", .. var command]) return Guarding.Guard.Run(command);

        SocketThreads.GoOnWhereTheyAre();
        // A turn is cancelled first where nobody reads it any more, and an agent of an editor ended; all else just ends.
        if (args is not ["run" or "demo" or "acp", ..]) ClosedOutput.EndWrites();
        var root = RootVerb.Create(args);
        if (args.Length == 0)
        {
            root.Parse("--help").Invoke();
            return (int)ExitCode.WrongUsage;
        }

        if (args is [Suggestions.Directive, var line])
        {
            Suggestions.Print(root, line);
            return 0;
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            UsageErrors.Print(parsed);
            return (int)ExitCode.WrongUsage;
        }

        try
        {
            // Signals are ours: an orderly end takes longer than the default handler waits.
            return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null })
                .GetAwaiter().GetResult();
        }
        catch (StartupException problem)
        {
            Console.Error.WriteLine($"tinyvex: {problem.Message}");
            return (int)problem.ExitCode;
        }
        catch (AlreadyRunningException running)
        {
            Console.Error.WriteLine($"tinyvex: {running.Message}");
            return (int)ExitCode.AlreadyRunning;
        }
        catch (IOException closed) when (ClosedOutput.Explains(closed))
        {
            // Whoever read our output has seen enough.
            return 0;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The system's own words: a full disk, or a file of somebody else.
            Console.Error.WriteLine($"tinyvex: {refused.Message}");
            return (int)ExitCode.InternalError;
        }
        catch (Exception bug)
        {
            Console.Error.WriteLine($"tinyvex: this is a bug: {bug}");
            return (int)ExitCode.InternalError;
        }
    }
}
