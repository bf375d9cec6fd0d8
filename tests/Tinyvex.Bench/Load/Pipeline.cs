using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Fanout;
using Tinyvex.Feeding;
using Tinyvex.Protocol;
using Tinyvex.Requests;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Bench.Load;

/// <summary>
/// The product's path of an update without its socket: request, writer, store, hub. Fed by one thread, as a connection would be;
/// the writer has its own.
/// </summary>
internal sealed class Pipeline : ITopicListener, IAsyncDisposable
{
    private static readonly int MaxIdBytes = new TinyvexOptions { DatabasePath = "" }.MaxIdBytes;

    private readonly string _path;
    private readonly Store _store;
    private readonly Checkpointer _checkpointer;
    private readonly Writer _writer;
    private readonly Hub _hub;
    private readonly Action<WriteOutcome> _completed;
    private readonly object _lock = new();
    private TopicReader? _reader;
    private long _sent;
    private long _done;
    private long _wakeAt = long.MaxValue;
    private WriteOutcome? _refused;

    public Pipeline(string path)
    {
        _path = path;
        _store = Store.Open(path, TimeProvider.System);
        _checkpointer = new Checkpointer(_store.Files, _store.Writer, NullLogger.Instance);
        _hub = new Hub(_store.Identity, _store.LastEvent());
        _writer = new Writer(_store.Writer, _store.Files, Publish, new TinyvexOptions { DatabasePath = path }, TimeProvider.System, NullLogger.Instance);
        _completed = Complete;
        _writer.Start();
    }

    /// <summary>Commits so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Bytes of frames that the reader of <see cref="Follow"/> was given.</summary>
    public long BytesRead { get; private set; }

    /// <summary>From here on a thread has a reader, which takes its frames after each commit as a connection's sender does.</summary>
    public void Follow(string threadId) => _reader = _hub.Attach(this, StreamSet.Messages, threadId);

    /// <summary>Reads a frame into its command, as a connection does.</summary>
    public static WriteCommand Read(byte[] frame, StoreIdentity identity, Action<WriteOutcome>? completed = null)
    {
        using var request = Request.Parse(frame, MaxIdBytes);
        request.ReadId();
        return WriteRequests.Ingest(request, WriteRequests.ReadKey(request, request.Control, identity), completed!, needsThread: false);
    }

    /// <summary>Sends a frame as a client's is, waiting first while <paramref name="window"/> of them are not committed.</summary>
    public void Send(byte[] frame, int window)
    {
        if (_sent - Volatile.Read(ref _done) >= window) WaitUntil(_sent - (window / 2));
        var command = Read(frame, _store.Identity, _completed);
        _sent++;
        var queued = _writer.EnqueueAsync(command);
        if (!queued.IsCompletedSuccessfully) throw new InvalidOperationException("the window is larger than the writer's queue");
    }

    /// <summary>Waits until all that was sent is committed.</summary>
    public void WaitForAll()
    {
        WaitUntil(_sent);
        if (_refused is { } refused) throw new InvalidOperationException("an update was refused", refused.Error);
    }

    /// <summary>Brings the WAL into the file, so that every round begins with an empty one.</summary>
    public void Checkpoint()
    {
        using var connection = StoreConnection.OpenWriter(_path);
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Wake(bool here)
    {
        var head = _hub.Position;
        while (_reader!.Peek(head) is not null) BytesRead += _reader.TakeRun(head).Length;
    }

    private void WaitUntil(long done)
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _wakeAt, done);
            while (Volatile.Read(ref _done) < done) Monitor.Wait(_lock);
            _wakeAt = long.MaxValue;
        }
    }

    private void Publish(IReadOnlyList<Change> changes, bool alone)
    {
        Commits++;
        _hub.Publish(changes, alone);
    }

    private void Complete(WriteOutcome outcome)
    {
        if (outcome.Error is not null) _refused = outcome;
        if (Interlocked.Increment(ref _done) < Interlocked.Read(ref _wakeAt)) return;
        lock (_lock) Monitor.Pulse(_lock);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _checkpointer.DisposeAsync();
        await _writer.DisposeAsync();
        _hub.Dispose();
    }
}
