using System.Diagnostics;

namespace Tinyvex.Bench.Load;

/// <summary>
/// Readers of threads, all on one thread of ours. What arrives is counted by its marks, of which each update has one, however many of
/// them a frame carries.
/// </summary>
internal sealed class Subscribers : IDisposable
{
    private const int ReadBytes = 256 * 1024;

    private readonly LoadSocket[] _sockets;
    private readonly Thread _thread;
    private long _delivered;
    private long _lastDelivery;
    private Exception? _failure;
    private volatile bool _stopping;

    /// <summary>Connects and subscribes as many as there are names.</summary>
    public Subscribers(int port, IEnumerable<string> threadIds)
    {
        _sockets = [.. threadIds.Select(threadId =>
        {
            var socket = LoadSocket.Connect(port);
            socket.Subscribe(threadId);
            return socket;
        })];
        _thread = new Thread(Read) { IsBackground = true };
        _thread.Start();
    }

    public int Count => _sockets.Length;

    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>When the last of them arrived.</summary>
    public long LastDelivery => Interlocked.Read(ref _lastDelivery);

    /// <summary>Waits until as many have arrived.</summary>
    /// <exception cref="IOException">They do not: updates were lost.</exception>
    public void WaitFor(long deliveries)
    {
        var patience = TimeSpan.FromSeconds(20);
        var started = Stopwatch.GetTimestamp();
        var wait = default(SpinWait);
        while (Delivered < deliveries && _failure is null && Stopwatch.GetElapsedTime(started) < patience) wait.SpinOnce();
        if (_failure is { } failure) throw new IOException("a subscriber failed", failure);
        if (Delivered != deliveries) throw new IOException($"{Delivered} of {deliveries} updates were delivered");
    }

    private void Read()
    {
        var buffer = new byte[ReadBytes];
        var set = new SocketSet(_sockets);
        try
        {
            while (!_stopping)
            {
                var before = _delivered;
                set.Wait(20, socket => Interlocked.Add(ref _delivered, buffer.AsSpan(0, socket.Receive(buffer.AsSpan())).Count(Chunk.Mark)));
                if (_delivered > before) Interlocked.Exchange(ref _lastDelivery, Stopwatch.GetTimestamp());
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        foreach (var socket in _sockets) socket.Dispose();
    }
}
