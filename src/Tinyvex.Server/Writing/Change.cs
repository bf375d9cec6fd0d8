using Tinyvex.Rows;

namespace Tinyvex.Writing;

/// <summary>
/// One committed change: what the writer hands to the feed, and what the log gives back when it is read again. One event of the
/// log makes at most one change, and one change makes one frame.
/// </summary>
internal abstract record Change
{
    private protected Change(long position, string threadId)
    {
        Position = position;
        ThreadId = threadId;
    }

    /// <summary>Id of the event in the log.</summary>
    public long Position { get; }

    public string ThreadId { get; }
}

/// <summary>Text, or a block, was appended to an open message: one chunk, or several that follow each other.</summary>
internal sealed record MessageChunk(
    long Position, MessageIdentity Message, long Seq, long TextLen, long Ts, ReadOnlyMemory<byte> Append, ReadOnlyMemory<byte>? Block)
    : Change(Position, Message.ThreadId)
{
    /// <summary>The first of the chunks; <see cref="Seq"/> is the last.</summary>
    public long FromSeq { get; init; } = Seq;
}

/// <summary>A message is final.</summary>
internal sealed record MessageFinalized(long Position, MessageIdentity Message, long Seq, long TextLen) : Change(Position, Message.ThreadId);

internal sealed record ThreadChanged(long Position, ThreadRow Row) : Change(Position, Row.Id);

internal sealed record ThreadDeleted(long Position, string ThreadId) : Change(Position, ThreadId);

internal sealed record ToolCallChanged(long Position, ToolCallRow Row) : Change(Position, Row.ThreadId);

internal sealed record PlanChanged(long Position, PlanRow Row) : Change(Position, Row.ThreadId);

internal sealed record StateChanged(long Position, StateRow Row) : Change(Position, Row.ThreadId);

internal sealed record RunChanged(long Position, RunRow Row) : Change(Position, Row.ThreadId);

internal sealed record TerminalChanged(long Position, TerminalRow Row) : Change(Position, Row.ThreadId);

/// <summary>A terminal has printed more.</summary>
/// <param name="From">Where the text begins, in bytes of all that was printed. At <paramref name="OutputStart"/>, nothing before it is kept.</param>
internal sealed record TerminalPrinted(
    long Position, string ThreadId, string TerminalId, long From, ReadOnlyMemory<byte> Append, long OutputStart, long OutputLen) : Change(Position, ThreadId);

internal sealed record PermissionChanged(long Position, PermissionRow Row) : Change(Position, Row.ThreadId);

internal sealed record ElicitationChanged(long Position, ElicitationRow Row) : Change(Position, Row.ThreadId);
