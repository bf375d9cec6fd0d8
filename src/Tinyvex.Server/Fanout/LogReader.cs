using System.Buffers;
using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Feeding;
using Tinyvex.Rows;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Fanout;

/// <summary>
/// Reads changes back from the log, for readers whose place is not in memory. Chunks of a message that follow each other become one.
/// Rows (but for those of runs) are given as they are now, which is later than the event and never earlier; of several events about one
/// row in a batch, only the first is given, so that wherever the batch ends all up to there is told. Of those about a run the last is given as
/// well. What must be seen of each is not merged: permissions and elicitations, the ends of messages, that a thread is gone.
/// </summary>
internal sealed class LogReader
{
    /// <summary>Events read in one go. With the bytes it bounds the memory of a batch, and the time a read transaction is open.</summary>
    private const int BatchEvents = 4_096;

    /// <summary>Bytes of chunks read in one go, as a few of them may be large.</summary>
    private const int BatchBytes = 1024 * 1024;

    /// <summary>
    /// Bytes of frames of one go; one alone may exceed it. Each reader that is behind may hold as much while its client takes its time.
    /// </summary>
    private const int BatchFrames = 128 * 1024;

    private const string Message = $"SELECT itemId, kind, role, id FROM messages WHERE threadId = ?1 AND ord = ?2 AND {ThreadRow.IsThere}";

    private readonly StoreConnection _store;
    private readonly LogRange _range;
    private readonly Dictionary<(string, long), (MessageIdentity Identity, long Row)?> _messages = [];
    private readonly List<LoggedEvent> _events = [];
    private readonly HashSet<(string, string, string?)> _given = [];
    private bool _atEnd;
    private bool _isRunOver;

    private LogReader(StoreConnection store, LogRange range) => (_store, _range) = (store, range);

    /// <summary>Reads the next batch of a range.</summary>
    public static LogBatch Read(StoreConnection store, StoreIdentity identity, LogRange range)
    {
        using var frames = new BatchEncoder(identity);
        var readTo = new LogReader(store, range).Read(frames);
        return frames.End(readTo);
    }

    /// <summary>Reads the last updates up to a position, as they would have been sent then.</summary>
    public static ReadOnlyMemory<byte> ReadLast(StoreConnection store, StoreIdentity identity, long position, int count)
    {
        using var encoder = new FrameEncoder(identity);
        var last = new Queue<byte[]>();
        void Add(Change change)
        {
            last.Enqueue(encoder.Encode(change).ToArray());
            if (last.Count > count) last.Dequeue();
        }

        // Some events make no update: those of deleted threads, and kinds that nobody knows.
        var reader = new LogReader(store, new LogRange(null, StreamSet.Thread, Math.Max(0, position - (4 * count)), position));
        var unmerged = new ChunkMerger(Add);
        for (var after = reader._range.After; !reader._atEnd; after = reader._events[^1].Id)
        {
            reader._events.Clear();
            reader.ReadEvents(after);
            foreach (var logged in reader._events)
            {
                if (logged.Ord is { } ord) reader.AddMessage(unmerged, Add, logged, ord);
                else if (reader.RowChange(logged) is { } change) Add(change);
                unmerged.Flush();
            }

            if (reader._events.Count == 0) break;
        }

        var frames = new ArrayBufferWriter<byte>(4 * 1024);
        foreach (var frame in last) frames.Write(frame);
        return frames.WrittenMemory;
    }

    private long Read(BatchEncoder frames)
    {
        ReadEvents(_range.After);
        _given.Clear();
        var lastOfRun = LastOfEachRun();
        var merger = new ChunkMerger(frames.Add);
        for (var i = 0; i < _events.Count; i++)
        {
            var logged = _events[i];
            var isEarlier = logged.Subject is { Table: "runs", Id: { } run } && lastOfRun[run] > i;
            if (logged.Subject is { } row && !_given.Add((logged.ThreadId, row.Table, row.Id)) && (row.Table != "runs" || isEarlier)) continue;
            if (logged.Ord is { } ord) AddMessage(merger, frames.Add, logged, ord);
            else if (RowChange(logged, isEarlier) is { } change && (FrameEncoder.StreamOf(change) & _range.Streams) != 0) Add(merger, frames, change);

            if (frames.Bytes < BatchFrames && !_isRunOver) continue;
            return End(logged.Id);
        }

        return End(_atEnd ? _range.To : _events[^1].Id);

        long End(long readTo)
        {
            AddBegun(merger, frames, readTo);
            merger.Flush();
            if (!_isRunOver) AddPrinted(frames, readTo);
            return readTo;
        }
    }

    /// <summary>Of merged chunks that end behind the batch, those that lie within it.</summary>
    private void AddBegun(ChunkMerger merger, BatchEncoder frames, long readTo)
    {
        if ((_range.Streams & StreamSet.Messages) == 0) return;
        var rows = _store.Get(EventLog.MergedBehind).Bind(1, readTo).Bind(2, readTo + MergedChunks.MostSpan);
        while (rows.Step())
        {
            if (_range.ThreadId is { } only && !rows.Utf8(1).SequenceEqual(System.Text.Encoding.UTF8.GetBytes(only))) continue;
            var logged = LoggedEvent.Read(rows);
            AddMessage(merger, frames.Add, logged, logged.Ord!.Value, readTo);
        }
    }

    /// <summary>
    /// Terminals that have printed behind the batch as well: what tells of what they printed within it may have made room for what tells of that.
    /// </summary>
    private void AddPrinted(BatchEncoder frames, long readTo)
    {
        if ((_range.Streams & StreamSet.Terminals) == 0) return;
        foreach (var row in _store.Get(TerminalRow.PrintedBehind).Bind(1, readTo).All(TerminalRow.Read))
        {
            if (_range.ThreadId is { } only && only != row.ThreadId) continue;
            if (_given.Add((row.ThreadId, "terminals", row.TerminalId))) frames.Add(new TerminalChanged(readTo, row.WithOutput(_store)));
        }
    }

    /// <summary>The end of a run is the last of its batch and so has a cursor, by which it can be told from one that has overtaken the text.</summary>
    private void Add(ChunkMerger merger, BatchEncoder frames, Change change)
    {
        _isRunOver = change is RunChanged { Row: var run } && !RunStatus.IsOpen(run.Status);
        if (_isRunOver)
        {
            merger.Flush();
            AddPrinted(frames, change.Position);
        }

        frames.Add(change);
    }

    private void ReadEvents(long after)
    {
        var wantsMessages = (_range.Streams & StreamSet.Messages) != 0;
        var rows = _store.Get(Sql(_range)).Bind(1, after).Bind(2, _range.To).Bind(3, BatchEvents);
        if (_range.ThreadId is { } thread) rows.Bind(4, thread);
        var (count, bytes) = (0, 0);
        while (bytes < BatchBytes && count < BatchEvents)
        {
            if (!rows.Step())
            {
                _atEnd = true;
                return;
            }

            count++;
            var logged = LoggedEvent.Read(rows);
            // The last one read tells how far it was read, wanted or not.
            if (logged.Ord is not null && !wantsMessages) logged = logged with { Raw = null, Boundaries = null };
            _events.Add(logged);
            bytes += logged.Boundaries is null ? logged.Raw?.Length ?? 0 : MergedChunks.MostText;
        }

        rows.Reset();
    }

    private static string Sql(LogRange range) =>
        range.ThreadId is not null ? EventLog.RangeInThread
        : (range.Streams & ~StreamSet.Sparse) == 0 ? EventLog.SparseRange
        : EventLog.Range;

    private Dictionary<string, int> LastOfEachRun()
    {
        var last = new Dictionary<string, int>();
        for (var i = 0; i < _events.Count; i++)
        {
            if (_events[i].Subject is { Table: "runs", Id: { } run }) last[run] = i;
        }

        return last;
    }

    private void AddMessage(ChunkMerger merger, Action<Change> add, LoggedEvent logged, long ord, long to = long.MaxValue)
    {
        if ((_range.Streams & StreamSet.Messages) == 0 || MessageAt(logged.ThreadId, ord) is not var (message, row)) return;
        if (logged.Kind == EventKinds.Finalize)
        {
            merger.Flush(message);
            add(new MessageFinalized(logged.Id, message, logged.Seq, logged.TextLen));
            return;
        }

        if (logged.Boundaries is { } boundaries)
        {
            if (MergedChunks.Between(boundaries.Span, logged.Id, logged.Seq, logged.TextLen, _range.After, to) is not { } part) return;
            var text = _store.ReadPart("messages", "text", row, (int)part.From, part.Length);
            merger.Add(new MessageChunk(part.Position, message, part.Seq, part.TextLen, logged.Ts, text, null) { FromSeq = part.FromSeq });
            return;
        }

        var raw = logged.Raw!.Value;
        using var document = JsonDocument.Parse(raw, JsonText.DocumentOptions);
        var update = SessionUpdate.Parse(raw, document.RootElement);
        merger.Add(new MessageChunk(logged.Id, message, logged.Seq, logged.TextLen, logged.Ts, update.Text ?? default, update.BlockThatIsNoText));
    }

    private (MessageIdentity Identity, long Row)? MessageAt(string threadId, long ord)
    {
        if (_messages.TryGetValue((threadId, ord), out var known)) return known;
        var row = _store.Get(Message).Bind(1, threadId).Bind(2, ord);
        (MessageIdentity, long)? message = row.Step()
            ? (new MessageIdentity(threadId, row.Text(0), row.Text(1), row.NullableText(2), ord), row.Int64(3))
            : null;
        row.Reset();
        _messages.Add((threadId, ord), message);
        return message;
    }

    /// <param name="isEarlier">Whether a later event about the same run follows: its end may be of the same millisecond.</param>
    private Change? RowChange(LoggedEvent logged, bool isEarlier = false) => logged.Subject?.Table switch
    {
        "threads" => _store.Get(ThreadRow.Get).Bind(1, logged.ThreadId).One(ThreadRow.Read) is { } row ? new ThreadChanged(logged.Id, row) : null,
        "tool_calls" => _store.Get(ToolCallRow.Get).Bind(1, logged.ThreadId).Bind(2, logged.SubjectId).One(ToolCallRow.Read) is { } row
            ? new ToolCallChanged(logged.Id, row) : null,
        "plan" => _store.Get(PlanRow.Get).Bind(1, logged.ThreadId).One(PlanRow.Read) is { } row ? new PlanChanged(logged.Id, row) : null,
        "state" => _store.Get(StateRow.Get).Bind(1, logged.ThreadId).One(StateRow.Read) is { } row ? new StateChanged(logged.Id, row) : null,
        "runs" => _store.Get(RunRow.Get).Bind(1, logged.SubjectId).One(RunRow.Read) is { } row
            ? new RunChanged(logged.Id, row.AsOf(logged.Ts, isEarlier)) : null,
        "terminals" => _store.Get(TerminalRow.Get).Bind(1, logged.ThreadId).Bind(2, logged.SubjectId).One(TerminalRow.Read) is { } row
            ? new TerminalChanged(logged.Id, row.WithOutput(_store)) : null,
        _ => logged.Kind switch
        {
            EventKinds.Permission => _store.Get(PermissionRow.Get).Bind(1, logged.SubjectId).One(PermissionRow.Read) is { } row
                ? new PermissionChanged(logged.Id, row) : null,
            EventKinds.Elicitation => _store.Get(ElicitationRow.Get).Bind(1, logged.SubjectId).One(ElicitationRow.Read) is { } row
                ? new ElicitationChanged(logged.Id, row) : null,
            EventKinds.Deleted when !IsListedAgain(logged.ThreadId) => new ThreadDeleted(logged.Id, logged.ThreadId),
            _ => null,
        },
    };

    /// <summary>A list of threads needs only the new row of a thread that was made anew.</summary>
    private bool IsListedAgain(string threadId) =>
        _range is { ThreadId: null, Streams: StreamSet.Threads | StreamSet.Deleted } && _store.Get(ThreadRow.Get).Bind(1, threadId).One(ThreadRow.Read) is not null;
}
