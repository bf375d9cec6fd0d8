using System.Diagnostics;
using Tinyvex.Agents;
using Tinyvex.Guarding;

namespace Tinyvex.Cli.Proxying;

/// <summary>The editor's agent, under a guard: it ends with us, however we end.</summary>
internal sealed class ProxiedAgent : IDisposable
{
    private readonly Process _process;

    private ProxiedAgent(Process process)
    {
        _process = process;
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        Errors = process.StandardError.BaseStream;
        Exited = ExitAsync(process);
    }

    public Stream Input { get; }

    public Stream Output { get; }

    public Stream Errors { get; }

    /// <summary>Ends when the agent, and all that it started, is gone; gives its exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts it where the editor started us, with the environment that the editor gave us.</summary>
    /// <exception cref="StartupException">It cannot be started.</exception>
    public static ProxiedAgent Start(AgentDefinition agent, TinyvexOptions options)
    {
        if (ExecutableSearch.Find(agent) is not { } program)
        {
            throw new StartupException(ExitCode.InternalError, $"agent '{agent.Name}': '{agent.Command[0]}' was not found; install it or correct its command");
        }

        try
        {
            return new ProxiedAgent(GuardedProcess.Start(options, agent, program, agent.Command.Skip(1), Environment.CurrentDirectory));
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw new StartupException(ExitCode.InternalError, exception.Message, exception);
        }
    }

    /// <summary>Asks the guard to end it: first kindly, then with force.</summary>
    public void RequestEnd()
    {
        if (!Exited.IsCompleted) GuardSignal.RequestEnd(_process);
    }

    private static async Task<int> ExitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public void Dispose() => _process.Dispose();
}
