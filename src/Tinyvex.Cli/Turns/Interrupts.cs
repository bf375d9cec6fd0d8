using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Tinyvex.Cli.Turns;

/// <summary>SIGINT, SIGTERM and SIGHUP, one after the other, for a command that answers each of them.</summary>
internal sealed class Interrupts : IDisposable
{
    // Two say all there is to say: cancel, and quit.
    private readonly Channel<PosixSignal> _signals = Channel.CreateBounded<PosixSignal>(new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Interrupts()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _signals.Writer.TryWrite(context.Signal);
            }));
        }
    }

    /// <summary>Ends when there is one to take. Whoever stops waiting takes none away from the next.</summary>
    public Task WaitAsync() => _signals.Reader.WaitToReadAsync().AsTask();

    public bool TryTake(out PosixSignal signal) => _signals.Reader.TryRead(out signal);

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }
}
