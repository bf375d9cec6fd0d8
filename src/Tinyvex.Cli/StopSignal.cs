using System.Runtime.InteropServices;

namespace Tinyvex.Cli;

/// <summary>Whoever may ask the program to end: SIGINT, SIGTERM, SIGHUP, and, if wanted, the end of stdin.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _signals = [];

    public StopSignal(bool withStdin)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _requested.TrySetResult();
            }));
        }

        // A thread of its own: a read of stdin cannot be cancelled, and a process ends without waiting for this one.
        if (withStdin) new Thread(ReadToEnd) { IsBackground = true, Name = "tinyvex stdin" }.Start();
    }

    /// <summary>Ends when someone has asked.</summary>
    public Task Requested => _requested.Task;

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

        _requested.TrySetResult();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }
}
