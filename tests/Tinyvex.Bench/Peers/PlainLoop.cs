using System.Globalization;
using SQLitePCL;
using Tinyvex.Bench.Load;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Bench.Peers;

/// <summary>
/// The least that can be done for the same rows: a loop over prepared statements, on the connection that the product opens, without
/// parsing, queue, threads or frames.
/// </summary>
internal sealed class PlainLoop : IAsyncDisposable
{
    /// <summary>The product's steps at which an open message's row is saved (OpenMessage).</summary>
    private const int MinTail = 4 * 1024, MaxTail = 1024 * 1024, Fraction = 8;

    private readonly Store _store;
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _event;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _fold;
    private readonly sqlite3_stmt _thread;
    private readonly byte[] _tail = new byte[MaxTail + Chunk.TextBytes];
    private readonly byte[] _threadId;
    private int _tailLength;
    private long _saved;
    private long _textLen;
    private long _seq;
    private long _ord;
    private long _lastEvent;
    private long _now;
    private string? _messageId;

    public PlainLoop(string path, string threadId)
    {
        _store = Store.Open(path, TimeProvider.System);
        _db = _store.Writer.Inner.Handle!;
        _threadId = System.Text.Encoding.UTF8.GetBytes(threadId);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _event = Prepare(EventLog.Append);
        _insert = Prepare(MessageRow.Insert);
        _fold = Prepare(MessageRow.Fold);
        _thread = Prepare(ThreadRow.Upsert);
        // What never changes is bound once; what is never bound is null.
        Check(raw.sqlite3_bind_text(_event, 2, _threadId));
        Check(raw.sqlite3_bind_text(_insert, 1, _threadId));
        Check(raw.sqlite3_bind_text(_insert, 4, "assistant"));
        Check(raw.sqlite3_bind_text(_insert, 5, "message"));
        Check(raw.sqlite3_bind_text(_fold, 1, _threadId));
        Check(raw.sqlite3_bind_text(_thread, 1, _threadId));
        Check(raw.sqlite3_bind_int64(_thread, 3, 0));
        Check(raw.sqlite3_bind_text(_thread, 6, "bench"));
        Check(raw.sqlite3_bind_int64(_thread, 8, 0));
    }

    /// <summary>Writes chunks, <paramref name="group"/> in each transaction.</summary>
    public void Write(ReadOnlySpan<Chunk> chunks, int group)
    {
        while (!chunks.IsEmpty)
        {
            var count = Math.Min(group, chunks.Length);
            Run(_begin);
            foreach (var chunk in chunks[..count]) Write(chunk);
            Run(_commit);
            chunks = chunks[count..];
        }
    }

    /// <summary>Unsaved bytes at which the row of a message is saved again.</summary>
    public static int StepAfter(long saved) => (int)Math.Clamp(saved / Fraction, MinTail, MaxTail);

    private void Write(Chunk chunk)
    {
        _now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var begins = chunk.MessageId != _messageId;
        if (begins) Begin(chunk.MessageId);
        chunk.Text.CopyTo(_tail.AsSpan(_tailLength));
        _tailLength += chunk.Text.Length;
        _textLen += chunk.Text.Length;
        _seq++;
        LogChunk(chunk.Raw);
        if (_tailLength >= StepAfter(_saved)) Save(partial: 1);
        if (begins) SaveThread();
    }

    private void Begin(string messageId)
    {
        if (_messageId is not null)
        {
            Save(partial: 0);
            LogRest(EventKinds.Finalize, ord: true);
        }

        LogRest(EventKinds.Thread, ord: false);
        _messageId = messageId;
        (_ord, _seq, _textLen, _saved) = (_ord + 1, 0, 0, 0);
        Check(raw.sqlite3_bind_text(_insert, 2, _ord.ToString("D32", CultureInfo.InvariantCulture)));
        Check(raw.sqlite3_bind_int64(_insert, 3, _ord));
        Check(raw.sqlite3_bind_int64(_insert, 6, _lastEvent));
        Check(raw.sqlite3_bind_text(_insert, 7, messageId));
        Check(raw.sqlite3_bind_int64(_insert, 8, _now));
        Run(_insert);
    }

    private void LogChunk(byte[] json)
    {
        Check(raw.sqlite3_bind_text(_event, 4, "agent_message_chunk"u8));
        Check(raw.sqlite3_bind_int64(_event, 5, _ord));
        Check(raw.sqlite3_bind_int64(_event, 6, _seq));
        Check(raw.sqlite3_bind_int64(_event, 7, _textLen));
        Check(raw.sqlite3_bind_text(_event, 10, json));
        Log();
    }

    private void LogRest(string kind, bool ord)
    {
        Check(raw.sqlite3_bind_text(_event, 4, kind));
        Check(ord ? raw.sqlite3_bind_int64(_event, 5, _ord) : raw.sqlite3_bind_null(_event, 5));
        Check(ord ? raw.sqlite3_bind_int64(_event, 6, _seq) : raw.sqlite3_bind_null(_event, 6));
        Check(ord ? raw.sqlite3_bind_int64(_event, 7, _textLen) : raw.sqlite3_bind_null(_event, 7));
        Check(raw.sqlite3_bind_null(_event, 10));
        Log();
    }

    private void Log()
    {
        Check(raw.sqlite3_bind_int64(_event, 1, ++_lastEvent));
        Check(raw.sqlite3_bind_int64(_event, 3, _now));
        Run(_event);
    }

    private void Save(int partial)
    {
        Check(raw.sqlite3_bind_int64(_fold, 2, _ord));
        Check(raw.sqlite3_bind_text(_fold, 3, _tail.AsSpan(0, _tailLength)));
        Check(raw.sqlite3_bind_int64(_fold, 5, partial));
        Check(raw.sqlite3_bind_int64(_fold, 6, _seq));
        Check(raw.sqlite3_bind_int64(_fold, 7, _textLen));
        Check(raw.sqlite3_bind_int64(_fold, 8, _lastEvent));
        Check(raw.sqlite3_bind_text(_fold, 9, _messageId!));
        Check(raw.sqlite3_bind_int64(_fold, 10, _now));
        Run(_fold);
        _tailLength = 0;
        _saved = _textLen;
    }

    private void SaveThread()
    {
        Check(raw.sqlite3_bind_int64(_thread, 9, _now));
        Check(raw.sqlite3_bind_int64(_thread, 10, _now));
        Check(raw.sqlite3_bind_int64(_thread, 11, _ord));
        Check(raw.sqlite3_bind_int64(_thread, 12, _now));
        Check(raw.sqlite3_bind_int64(_thread, 13, _ord));
        Run(_thread);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_db, sql, 1, out var statement));
        return statement;
    }

    private void Run(sqlite3_stmt statement)
    {
        // A statement may answer a row, and is done behind it.
        int code;
        while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
        }

        Check(code == raw.SQLITE_DONE ? raw.sqlite3_reset(statement) : code);
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw new InvalidOperationException(raw.sqlite3_errmsg(_db).utf8_to_string());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var statement in (sqlite3_stmt[])[_begin, _commit, _event, _insert, _fold, _thread]) statement.Dispose();
        await _store.DisposeAsync();
        _store.Writer.Dispose();
    }
}
