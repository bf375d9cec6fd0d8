using System.Runtime.InteropServices;

namespace Tinyvex.Cli;

/// <summary>Whoever may ask the program to end: SIGINT, SIGTERM, SIGHUP, and, if wanted, the end of stdin.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public StopSignal(bool withStdin)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Request();
            }));
        }

        // A thread of its own: a read of stdin cannot be cancelled, and a process ends without waiting for this one.
        if (withStdin) new Thread(ReadToEnd) { IsBackground = true, Name = "tinyvex stdin" }.Start();
    }

    /// <summary>Ends when someone has asked.</summary>
    public Task Requested => _requested.Task;

    /// <summary>Cancels what is told of it, once someone has asked.</summary>
    public CancellationToken Token => _cancel.Token;

    private void Request()
    {
        _requested.TrySetResult();
        _cancel.Cancel();
    }

    private void ReadToEnd()
    {
        var buffer = new byte[256];
        try
        {
            using var stdin = Console.OpenStandardInput();
            while (stdin.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken stdin is one that has ended.
        }

        Request();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }
}
