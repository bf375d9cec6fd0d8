using Microsoft.Extensions.Logging;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>
/// The only one who changes data. One connection, and one thread at a time: takes what has queued, applies it in one transaction,
/// commits, publishes the changes, and answers. Nothing is visible, to anyone, before it is committed.
/// </summary>
/// <remarks>
/// A command that is refused changes nothing. Where one fails after it has written, or the commit fails, the whole transaction
/// is rolled back, what is in memory of the threads is forgotten, and the commands are applied again one by one, so that only
/// the guilty one fails. Where it is the store that fails, and no write can succeed: Writer.Trouble.cs.
/// </remarks>
internal sealed partial class Writer : IAsyncDisposable
{
    /// <summary>Threads kept in memory; beyond it all are saved and read again when they are needed.</summary>
    private const int MaxThreads = 4_096;

    /// <summary>An update that comes sooner after another one is part of a flood, which is written in groups.</summary>
    private static readonly TimeSpan IdleForHere = TimeSpan.FromMilliseconds(1);

    private readonly StoreConnection _store;
    private readonly Action<IReadOnlyList<Change>, bool> _publish;
    private readonly TimeProvider _time;
    private readonly TinyvexOptions _options;
    private readonly ILogger _logger;
    private readonly WriterQueue _queue;
    private readonly StoreFiles _files;
    private readonly StoreHealth _health;
    private readonly Thread _thread;
    private readonly Dictionary<string, ThreadState> _threads = new(StringComparer.Ordinal);
    private readonly List<ThreadState> _changed = [];
    private readonly List<Change?> _changes = [];
    private readonly List<WriteOutcome> _outcomes = [];
    private readonly List<WriteCommand> _one = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastEvent;
    private long _clock;

    // The clock's time, but for what is imported: that has the time it had.
    private long _now;
    private long _keysForgottenAt;
    private long _idleSince;

    /// <param name="store">The one writing connection; the writer's alone from now on.</param>
    /// <param name="files">The files that it has open.</param>
    /// <param name="publish">
    /// Takes the changes of each commit, in order, and whether it was of one write alone with none that waits.
    /// </param>
    public Writer(
        StoreConnection store, StoreFiles files, Action<IReadOnlyList<Change>, bool> publish, TinyvexOptions options, TimeProvider time, ILogger logger)
    {
        _store = store;
        _files = files;
        _publish = publish;
        _options = options;
        _time = time;
        _logger = logger;
        _queue = new WriterQueue(options.MaxWriterQueueBytes);
        _health = new StoreHealth(time, logger, Probe);
        _lastEvent = store.Get(EventLog.Last) is var last && last.Step() ? last.Int64(0) : 0;
        last.Reset();
        _thread = new Thread(Run) { Name = "tinyvex writer", IsBackground = true };
    }

    /// <summary>Statements compiled so far: constant in steady state.</summary>
    public long Prepares => _store.Prepares;

    public WriterCounts Counts { get; } = new();

    /// <summary>Commands that wait, and what they weigh.</summary>
    public (int Commands, long Bytes) Queued => _queue.Waiting;

    public void Start() => _thread.Start();

    /// <summary>
    /// Queues a command; its outcome goes to <see cref="WriteCommand.Completed"/>. Waits while the queue is full, and with what must be stored
    /// while the store takes no writes.
    /// </summary>
    public ValueTask EnqueueAsync(WriteCommand command) =>
        command.IsKept && _health.Trouble is not null ? new ValueTask(EnqueueWhenWellAsync(command)) : _queue.EnqueueAsync(command);

    /// <summary>
    /// The same, but that a quick one may be written before this returns, on the caller's thread: where the writer has been idle for a
    /// while, waking its thread takes as long as the commit. The caller holds no lock, and can be without its thread for a moment, but not for
    /// as long as a disk takes, or another program that holds a lock.
    /// </summary>
    public ValueTask EnqueueOrWriteAsync(WriteCommand command)
    {
        var mayWrite = command.IsQuick && _options.Durability == Durability.Normal && _time.GetElapsedTime(_idleSince) >= IdleForHere;
        return mayWrite && _queue.TryTakeOver() && TryWriteHere(command) ? ValueTask.CompletedTask : EnqueueAsync(command);
    }

    /// <summary>Writes a command at once, unless the store is in trouble or locked.</summary>
    private bool TryWriteHere(WriteCommand command)
    {
        try
        {
            if (_health.Trouble is not null) return false;
            _one.Add(command);
            _store.WaitForLocks(TimeSpan.Zero);
            var failure = Attempt(_one);
            if (failure is StoreFailure { IsLocked: true }) return false;
            if (failure is not null) Settle(_one, failure);
            return true;
        }
        finally
        {
            _one.Clear();
            GiveBack();
        }
    }

    private void GiveBack()
    {
        _idleSince = _time.GetTimestamp();
        _queue.GiveBack();
    }

    /// <summary>Queues a command after which no other is taken. Nothing that comes later can undo what it makes final.</summary>
    public void EndWith(WriteCommand last) => _queue.Close(last);

    /// <summary>Stops after what is queued has been written, and closes the connection, which checkpoints the WAL.</summary>
    public async ValueTask DisposeAsync()
    {
        StopKeeping();
        _queue.Close();
        if (_thread.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted)) _ended.TrySetResult();
        await _ended.Task;
        _store.Dispose();
    }

    private void Run()
    {
        var batch = new List<WriteCommand>();
        try
        {
            while (_queue.Take(batch))
            {
                WriteWithKept(batch);
                batch.Clear();
                GiveBack();
            }

            if (_kept.Count > 0) WriteWithKept(batch);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>Writes a batch; false where the store takes no writes, and the batch is kept or refused.</summary>
    private bool Write(List<WriteCommand> batch)
    {
        _store.WaitForLocks(_health.Trouble is null ? StoreConnection.LockWait : LockWaitInTrouble);
        return Attempt(batch) is not { } failure || Settle(batch, failure);
    }

    /// <summary>Commits a batch, publishes it and answers; or changes nothing, and answers what was in the way.</summary>
    private Exception? Attempt(List<WriteCommand> batch)
    {
        var before = _lastEvent;
        var begun = _time.GetTimestamp();
        try
        {
            Commit(batch);
        }
        catch (Exception exception)
        {
            Counts.RolledBack();
            Forget();
            return exception;
        }

        Counts.Committed(_time.GetElapsedTime(begun), batch.Count, _lastEvent - before, _changes);
        // A commit that had nothing to write says nothing of the store.
        if (_lastEvent != before || batch.Exists(command => command is ProbeStore)) _health.Succeeded();
        // Every change was filled in by now: those of thread rows come last but stand where the row first changed.
        var alone = batch.Count == 1 && _queue.IsEmpty;
        _publish(_changes!, alone);
        if (alone) _outcomes[0].IsAlone = true;
        for (var i = 0; i < batch.Count; i++) Complete(batch[i], _outcomes[i]);
        return null;
    }

    /// <summary>Tells who asked. That this fails is their trouble, not everyone's: the write stands.</summary>
    private void Complete(WriteCommand command, WriteOutcome outcome)
    {
        if (outcome.Error is { } refused) Counts.Refuse(refused.Code);
        try
        {
            command.Completed?.Invoke(outcome);
        }
        catch (Exception exception)
        {
            LogWriteFailed(command.GetType().Name, exception);
        }
    }

    private void Commit(List<WriteCommand> batch)
    {
        _changes.Clear();
        _outcomes.Clear();
        var first = _lastEvent;
        try
        {
            _store.Get("BEGIN IMMEDIATE").Run();
            if (_threads.Count > MaxThreads) SaveAndForgetThreads();
            foreach (var command in batch) _outcomes.Add(ApplyOnce(command));
            // What is committed into a file that nobody finds again would be acked, and lost.
            _files.Check();
            _store.Get("COMMIT").Run();
        }
        catch
        {
            _lastEvent = first;
            if (_store.InTransaction) _store.Get("ROLLBACK").Run();
            throw;
        }
    }

    /// <summary>Applies a command, or gives the answer that its idempotency key remembers.</summary>
    private WriteOutcome ApplyOnce(WriteCommand command)
    {
        _now = _clock = Math.Max(_clock, _time.GetUtcNow().ToUnixTimeMilliseconds());
        var before = _lastEvent;
        try
        {
            if (command.Key is not { } key) return Finish(Apply(command));
            if (FirstReply(key) is { } reply) return new WriteOutcome { FirstReply = reply };
            var outcome = Finish(Apply(command));
            _store.Get(IdempotencyKey.Remember).Bind(1, key.Key).Bind(2, key.Control).BindBlob(3, key.PayloadHash)
                .BindText(4, key.WriteReply(outcome).AsSpan()).Bind(5, _clock).Run();
            return outcome;
        }
        catch (TinyvexException refused) when (_lastEvent == before && _changed.Count == 0)
        {
            return new WriteOutcome { Error = refused };
        }
    }

    private byte[]? FirstReply(IdempotencyKey key)
    {
        ForgetOldKeys();
        var row = _store.Get(IdempotencyKey.Find).Bind(1, key.Key).Bind(2, _now - (long)_options.KeyLifetime.TotalMilliseconds);
        if (!row.Step()) return null;
        var same = row.Text(0) == key.Control && row.Utf8(1).SequenceEqual(key.PayloadHash);
        var reply = row.Utf8(2).ToArray();
        row.Reset();
        return same ? reply : throw new TinyvexException(
            ErrorCode.Conflict, "this key was sent with another control or payload; use a new key for a new write");
    }

    private void ForgetOldKeys()
    {
        const long hour = 3_600_000;
        if (_now - _keysForgottenAt < hour) return;
        _keysForgottenAt = _now;
        _store.Get(IdempotencyKey.Forget).Bind(1, _now - (long)_options.KeyLifetime.TotalMilliseconds).Run();
    }

    private WriteOutcome Apply(WriteCommand command) => command switch
    {
        IngestUpdates ingest => Ingest(ingest),
        FinalizeMessages finalize => Finalize(finalize),
        CreateThread create => Create(create),
        HoldThread hold => Hold(hold),
        UpdateThread update => Update(update),
        DeleteThread delete => Delete(delete),
        SubmitRun submit => Submit(submit),
        StartRun start => StartTurn(start),
        EndRun end => EndTurn(end),
        CancelRun cancel => Cancel(cancel),
        BeginHostedRun begin => Begin(begin),
        EndHostedRun end => End(end),
        RequestPermission request => AskPermission(request),
        RespondPermission respond => AnswerPermission(respond),
        RequestElicitation request => Elicit(request),
        RespondElicitation respond => Answer(respond),
        CompleteElicitation complete => Complete(complete),
        SetSession session => Set(session),
        TerminalCommand terminal => Apply(terminal),
        ForgetSession forget => Forget(forget),
        SetState state => Set(state),
        NoteSilence silence => Note(silence),
        CloseOpenWork close => Close(close),
        ImportEntries import => Import(import),
        UpkeepCommand upkeep => Apply(upkeep),
        ProbeStore => WriteNothing(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Saves the thread rows that the command changed, and fills in their changes.</summary>
    private WriteOutcome Finish(WriteOutcome outcome)
    {
        foreach (var state in _changed)
        {
            // The clock may have been set back since; an older row would not be saved.
            state.Row.UpdatedAt = Math.Max(_now, state.Row.UpdatedAt);
            state.Row.Save(_store);
            _changes[state.ChangeIndex] = new ThreadChanged(state.ChangePosition, state.Row.Copy());
            state.ChangeIndex = ThreadState.None;
        }

        _changed.Clear();
        outcome.Position = _lastEvent;
        outcome.Timestamp = _now;
        return outcome;
    }

    /// <summary>Appends an event to the log and answers its id.</summary>
    private long Append(
        string threadId, string kind, ReadOnlyMemory<byte>? raw = null, long? ord = null, long? seq = null, long? textLen = null,
        string? subject = null, string? sessionId = null)
    {
        var id = ++_lastEvent;
        // The log is merged in the order in which messages became final here.
        _store.Get(EventLog.Append)
            .Bind(1, id).Bind(2, threadId).Bind(3, kind == EventKinds.Finalize ? _clock : _now).Bind(4, kind).Bind(5, ord).Bind(6, seq).Bind(7, textLen)
            .Bind(8, subject).Bind(9, sessionId).BindText(10, raw)
            .Run();
        return id;
    }

    /// <summary>
    /// The thread's row has changed: it is saved, and its change published, once per command, at the place of the first change,
    /// so that a new thread is told before what is in it.
    /// </summary>
    private void RowChanged(ThreadState state)
    {
        if (state.ChangeIndex != ThreadState.None) return;
        state.ChangePosition = Append(state.Row.Id, EventKinds.Thread);
        state.ChangeIndex = _changes.Count;
        _changes.Add(null);
        _changed.Add(state);
    }

    private ThreadState? Find(string threadId)
    {
        if (_threads.TryGetValue(threadId, out var state)) return state;
        var row = _store.Get(ThreadRow.Get).Bind(1, threadId);
        if (!row.Step()) return null;
        state = new ThreadState(ThreadRow.Read(row));
        row.Reset();
        var open = _store.Get(MessageRow.OpenOfThread).Bind(1, threadId);
        if (open.Step())
        {
            var message = MessageRow.Read(open);
            open.Reset();
            var saved = message.Text.Length;
            MessageFold.Apply(_store, message);
            state.Open = OpenMessage.TakeUp(message, saved, message.FoldedTo);
        }

        _threads.Add(threadId, state);
        return state;
    }

    private ThreadState Require(string threadId) => Find(threadId) ?? throw TinyvexException.NotFound($"thread '{threadId}'");

    private ThreadState Add(string threadId, string? source, string? workingDirectory = null)
    {
        var state = new ThreadState(new ThreadRow
        {
            Id = threadId,
            Source = source,
            WorkingDirectory = workingDirectory,
            CreatedAt = _now,
            UpdatedAt = _now,
        });
        SetDefaultPolicy(state.Row);
        // Rows of one that had the same id and was deleted would come back with it.
        PurgeAll(threadId);
        _threads.Add(threadId, state);
        RowChanged(state);
        return state;
    }

    private void SaveAndForgetThreads()
    {
        foreach (var state in _threads.Values) state.Open?.Save(_store, _now, partial: true);
        _threads.Clear();
    }

    /// <summary>After a rollback memory may be ahead of the store: all of it is read again when it is needed.</summary>
    private void Forget()
    {
        _threads.Clear();
        _changed.Clear();
        _changes.Clear();
    }

    [LoggerMessage(EventId = LogEvents.WriteFailed, Level = LogLevel.Error, Message = "Write of {Command} failed")]
    private partial void LogWriteFailed(string command, Exception exception);
}
