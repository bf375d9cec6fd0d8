using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Tinyvex.Agents;
using Tinyvex.Guarding;

namespace Tinyvex.Terminals;

/// <summary>
/// The command of a terminal, as the child of a guard of its own: all that it starts ends with it, and with the server. It has no input, and its
/// errors are in its output, in the order in which they were written.
/// </summary>
internal sealed class TerminalProcess : IDisposable
{
    /// <summary>What a guard may say; it says a line or two.</summary>
    private const int MaxGuardWords = 4_096;

    private static readonly SearchValues<char> ShellSigns = SearchValues.Create(" \t\n;&|<>$()`'\"");

    private readonly Process _process;

    private TerminalProcess(Process process)
    {
        _process = process;
        Output = process.StandardOutput.BaseStream;
        Exited = ExitAsync(process);
    }

    public int Id => _process.Id;

    public Stream Output { get; }

    /// <summary>Ends when the command, and all that it started, is gone; says how, and what the guard had to say of it.</summary>
    public Task<(TerminalExit Exit, string Words)> Exited { get; }

    /// <param name="agent">Who asks for it: the command gets the agent's environment, with what it asks for on top.</param>
    /// <exception cref="TinyvexException"><c>bad_request</c>: there is no such program, or it cannot be started.</exception>
    public static TerminalProcess Start(TinyvexOptions options, AgentDefinition agent, TerminalRequest request, string directory)
    {
        var path = agent.Environment.Concat(request.Environment).LastOrDefault(variable => variable.Key == "PATH").Value
            ?? Environment.GetEnvironmentVariable("PATH") ?? "";
        var (program, arguments) = Program(request, path, directory);
        try
        {
            var process = GuardedProcess.Start(options, agent, program, arguments, directory, request.Environment, mergeOutput: true);
            process.StandardInput.Close();
            return new TerminalProcess(process);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            throw new TinyvexException(ErrorCode.BadRequest, $"'{request.Command}' cannot be started: {exception.Message}", inner: exception);
        }
    }

    /// <summary>Asks the command to end, and has it ended with all that it started when it has not after a moment.</summary>
    public void RequestEnd()
    {
        if (!Exited.IsCompleted) GuardSignal.RequestEnd(_process);
    }

    public void Dispose()
    {
        Output.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    /// <summary>Agents may put a whole line for a shell into <c>command</c>, as other clients give it to one.</summary>
    private static (string Program, IEnumerable<string> Arguments) Program(TerminalRequest request, string path, string directory)
    {
        if (ExecutableSearch.Find(request.Command, path, directory) is { } program) return (program, request.Arguments);
        var isLine = request.Arguments.Count == 0 && request.Command.AsSpan().ContainsAny(ShellSigns);
        var (shell, option) = OperatingSystem.IsWindows() ? ("cmd.exe", "/c") : ("/bin/sh", "-c");
        return isLine && ExecutableSearch.Find(shell, path) is { } found
            ? (found, [option, request.Command])
            : throw TinyvexException.BadRequest($"the program '{request.Command}' was not found");
    }

    private static async Task<(TerminalExit Exit, string Words)> ExitAsync(Process process)
    {
        // The guard alone writes there, so it ends with the guard.
        var buffer = new char[MaxGuardWords];
        var length = await process.StandardError.ReadBlockAsync(buffer);
        await process.WaitForExitAsync();
        var signal = (int?)null;
        var words = new List<string>();
        foreach (var line in new string(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (GuardSignal.ReadEndedBy(line) is { } number) signal = number;
            else words.Add(line);
        }

        var exit = signal is { } by ? new TerminalExit(null, Name(by)) : new TerminalExit(process.ExitCode, null);
        return (exit, string.Join('\n', words));
    }

    private static string Name(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => "SIG" + signal.ToString(CultureInfo.InvariantCulture),
    };
}
