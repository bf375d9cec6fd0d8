using System.Buffers;
using Microsoft.Extensions.Logging;
using Tinyvex.Rows;
using Tinyvex.Writing;

namespace Tinyvex.Terminals;

/// <summary>One terminal of an agent, from the start of its command until what it printed and how it ended is stored.</summary>
internal sealed partial class Terminal(
    TerminalProcess process, TerminalRequest request, string threadId, Writer writer, TinyvexOptions options, TimeProvider time, ILogger logger)
{
    private const int ReadBytes = 64 * 1024;

    /// <summary>The exit code of a guard that SIGTERM has ended.</summary>
    private const int KilledGuard = 128 + 15;

    /// <summary>
    /// Bytes that are read without a pause, and how long they take at least: 64 MiB in a second. A command that prints for ever waits then, and costs a
    /// few parts in a hundred of a processor, while no build comes near it.
    /// </summary>
    private const int StrideBytes = 1024 * 1024;

    /// <summary>What a command may still have in its pipe when it is gone is read in less; whoever else holds the pipe open is not waited for.</summary>
    private static readonly TimeSpan LastOutputLimit = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Stride = TimeSpan.FromMilliseconds(16);

    private readonly OutputWindow _window = new(options.MaxTerminalBytes);
    private readonly TaskCompletionSource<TerminalExit> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _killed;
    private int _waiting;

    public string Id { get; private set; } = "";

    /// <summary>Ends when the command has ended and all of it is stored, as far as the store takes it.</summary>
    public Task<TerminalExit> Ended => _ended.Task;

    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>Those who wait for its end; kept by the desk.</summary>
    public ref int Waiting => ref _waiting;

    /// <summary>Begins to read, under the id by which it is stored.</summary>
    public void Begin(string id)
    {
        Id = id;
        _ = RunToEndAsync();
    }

    /// <summary>Ends a command that is not stored, and that nobody will hear of.</summary>
    public async Task DropAsync()
    {
        process.RequestEnd();
        await process.Exited;
        process.Dispose();
        _ended.TrySetResult(new TerminalExit(null, null));
    }

    public void Kill()
    {
        if (process.Exited.IsCompleted) return;
        _killed = true;
        process.RequestEnd();
    }

    /// <summary>What the agent gets of the output: its end, within the limit that it has set, and whether that is not all.</summary>
    public (byte[] Text, bool IsTruncated) Output()
    {
        var (from, text) = _window.Read(0, Math.Min(request.OutputByteLimit ?? long.MaxValue, options.MaxTerminalBytes));
        return (text, from > 0);
    }

    private async Task RunToEndAsync()
    {
        var exit = new TerminalExit(null, null);
        try
        {
            exit = await RunAsync();
        }
        catch (Exception exception)
        {
            // Whoever waits for it must not wait for ever.
            LogFailed(logger, threadId, Id, exception);
        }

        process.Dispose();
        _ended.SetResult(exit);
    }

    private async Task<TerminalExit> RunAsync()
    {
        var storing = StoreAsync();
        var reading = ReadAsync();
        var (exit, words) = await process.Exited;
        // A guard that is told to end before it has started anything has no words for it.
        if (_killed && exit.ExitCode == KilledGuard) exit = new TerminalExit(null, "SIGTERM");
        if (await Task.WhenAny(reading, Task.Delay(LastOutputLimit, time)) != reading) process.Output.Dispose();
        await reading;
        _window.Close(words);
        await storing;
        await StoreEndAsync(exit);
        LogEnded(logger, threadId, Id, exit.ExitCode, exit.Signal);
        return exit;
    }

    private async Task ReadAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            var (begun, bytes) = (time.GetTimestamp(), 0);
            int read;
            while ((read = await process.Output.ReadAsync(buffer)) > 0)
            {
                _window.Append(buffer.AsSpan(0, read));
                bytes += read;
                if (bytes < StrideBytes) continue;
                if (Stride - time.GetElapsedTime(begun) is var early && early > TimeSpan.Zero) await Task.Delay(early, time);
                (begun, bytes) = (time.GetTimestamp(), 0);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed in the middle of a read: the command is gone.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task StoreAsync()
    {
        try
        {
            await new OutputStorer(_window, threadId, Id, writer, options, time).RunAsync();
        }
        catch (TinyvexException exception)
        {
            // The thread is gone, or the server goes: there is nobody left to print for. What the store cannot hold is lost to clients alone.
            if (exception.Code is ErrorCode.NotFound or ErrorCode.Overloaded) Kill();
            else LogFailed(logger, threadId, Id, exception);
        }
    }

    private async Task StoreEndAsync(TerminalExit exit)
    {
        try
        {
            var outcome = await writer.WriteAsync(done => new EndTerminal
            {
                ThreadId = threadId,
                TerminalId = Id,
                Status = _killed ? TerminalStatus.Killed : TerminalStatus.Exited,
                ExitCode = exit.ExitCode,
                Signal = exit.Signal,
                Completed = done,
            });
            if (outcome.Error is { } error) LogFailed(logger, threadId, Id, error);
        }
        catch (TinyvexException stopping) when (stopping.Code == ErrorCode.Overloaded)
        {
            // The server's end ends it.
        }
    }

    [LoggerMessage(EventId = LogEvents.TerminalEnded, Level = LogLevel.Debug, Message = "Thread {ThreadId}: terminal {Terminal} ended with code {Code}, signal {Signal}")]
    private static partial void LogEnded(ILogger logger, string threadId, string terminal, int? code, string? signal);

    [LoggerMessage(EventId = LogEvents.TerminalFailed, Level = LogLevel.Error, Message = "Thread {ThreadId}: what terminal {Terminal} printed could not be stored")]
    private static partial void LogFailed(ILogger logger, string threadId, string terminal, Exception exception);
}
