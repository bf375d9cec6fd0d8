using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Tinyvex.Agents;

/// <summary>
/// One agent, as a child of a guard: the same binary as a tiny parent that outlives the server just long enough to end the agent
/// and all that it started. Its pipes are the agent's own.
/// </summary>
internal sealed partial class AgentProcess : IDisposable
{
    /// <summary>A line of stderr kept for an error; more of it is rarely a message.</summary>
    private const int MaxStderrLine = 1_000;

    /// <summary>How long the end is waited for; the guard works on at it for longer, whether or not somebody waits.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(1_500);

    /// <summary>How long after its output or the process itself the rest of an agent that ends may take.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Task _stderr;
    private readonly Lazy<Task> _stop;
    private readonly Queue<string> _lastLines = new();
    private readonly int _maxLines;
    private readonly ILogger _logger;

    private AgentProcess(Process process, AgentDefinition agent, int maxLines, ILogger logger)
    {
        _process = process;
        _maxLines = maxLines;
        _logger = logger;
        Name = agent.Name;
        Secrets.Add(agent.Environment.Values);
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        Exited = ExitAsync(process);
        _stop = new Lazy<Task>(EndAsync);
        _stderr = ReadStderrAsync();
    }

    public string Name { get; }

    /// <summary>What it was given in confidence, and may say again in its errors.</summary>
    public SecretMask Secrets { get; } = new();

    public Stream Input { get; }

    public Stream Output { get; }

    /// <summary>Ends when the agent, and all that it started, is gone; gives its exit code.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="TinyvexException"><c>agent_unavailable</c>: it cannot be started.</exception>
    public static AgentProcess Start(AgentDefinition agent, string workingDirectory, TinyvexOptions options, ILogger logger)
    {
        if (!Directory.Exists(workingDirectory))
        {
            throw new TinyvexException(ErrorCode.AgentUnavailable, $"the thread's working directory '{workingDirectory}' does not exist");
        }

        if (ExecutableSearch.Find(agent) is not { } program)
        {
            throw new TinyvexException(ErrorCode.AgentUnavailable, $"agent '{agent.Name}': '{agent.Command[0]}' was not found; install it or correct its command");
        }

        try
        {
            var process = GuardedProcess.Start(options, agent, program, agent.Command.Skip(1), workingDirectory);
            LogStarted(logger, agent.Name, process.Id);
            return new AgentProcess(process, agent, options.AgentStderrLines, logger);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new TinyvexException(ErrorCode.AgentUnavailable, $"agent '{agent.Name}' cannot be started: {exception.Message}", inner: exception);
        }
    }

    /// <summary>Why the agent, whose output has ended, is gone: its exit code and its last words. Ends it where it lives on.</summary>
    public async Task<string> DescribeEndAsync()
    {
        // Its output ends a moment before itself. Who closes it and stays has done something else.
        await Task.WhenAny(Exited, Task.Delay(Moment));
        var how = Exited.IsCompleted ? $"exited with code {await Exited}" : "closed its input or output";
        await StopAsync();
        await Task.WhenAny(_stderr, Task.Delay(Moment));
        var words = LastWords();
        return $"agent '{Name}' {how}" + (words.Length == 0 ? "" : ":\n" + words);
    }

    public string LastWords()
    {
        lock (_lastLines) return string.Join('\n', _lastLines);
    }

    /// <summary>
    /// Asks the agent to end, and has it ended with all that it started when it has not after a moment. Whoever asks again waits for
    /// the same end.
    /// </summary>
    public Task StopAsync() => _stop.Value;

    private static async Task<int> ExitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private async Task EndAsync()
    {
        try
        {
            await Input.DisposeAsync();
        }
        catch (IOException)
        {
            // It has closed its end already.
        }

        // The guard passes a request to end on to the whole tree, and ends what is left of it. It is never killed itself: without it
        // nobody would.
        if (!Exited.IsCompleted) Guarding.GuardSignal.RequestEnd(_process);
        if (await Task.WhenAny(Exited, Task.Delay(StopPatience)) != Exited)
        {
            LogResists(Name);
            return;
        }

        var code = await Exited;
        LogExited(Name, code);
    }

    private async Task ReadStderrAsync()
    {
        // It ends with the pipe, when the last process that holds it is gone, or when we close our end.
        var reader = _process.StandardError;
        var buffer = new char[1_024];
        var line = new StringBuilder();
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer.AsMemory())) > 0)
            {
                foreach (var c in buffer.AsSpan(0, read))
                {
                    if (c == '\n') Keep(line);
                    else if (line.Length < MaxStderrLine && c != '\r') line.Append(c);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed in the middle of a read.
        }

        Keep(line);
    }

    private void Keep(StringBuilder line)
    {
        if (line.Length == 0) return;
        var text = Secrets.Hide(line.ToString());
        line.Clear();
        LogStderr(Name, text);
        lock (_lastLines)
        {
            _lastLines.Enqueue(text);
            if (_lastLines.Count > _maxLines) _lastLines.Dequeue();
        }
    }

    /// <summary>Closes the pipes, which the guard takes as a sign to make haste. To be called after <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        Output.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    [LoggerMessage(EventId = LogEvents.AgentStarted, Level = LogLevel.Information, Message = "Agent {Agent} started, guard {Pid}")]
    private static partial void LogStarted(ILogger logger, string agent, int pid);

    [LoggerMessage(EventId = LogEvents.AgentExited, Level = LogLevel.Information, Message = "Agent {Agent} exited with code {Code}")]
    private partial void LogExited(string agent, int code);

    [LoggerMessage(EventId = LogEvents.AgentResists, Level = LogLevel.Warning, Message = "Agent {Agent} takes long to end; its guard stays at it")]
    private partial void LogResists(string agent);

    // Conversation content may be in it, so it is shown only when asked for.
    [LoggerMessage(EventId = LogEvents.AgentStderr, Level = LogLevel.Trace, Message = "Agent {Agent}: {Line}")]
    private partial void LogStderr(string agent, string line);
}
