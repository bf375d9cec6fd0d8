using Tinyvex.Storage;

namespace Tinyvex.Fanout;

/// <summary>A row of <c>acp_events</c>, with the raw JSON of chunks alone: of all else the row that it changed tells.</summary>
internal sealed record LoggedEvent(
    long Id, string ThreadId, long Ts, string Kind, long? Ord, long Seq, long TextLen, string? SubjectId, ReadOnlyMemory<byte>? Raw,
    ReadOnlyMemory<byte>? Boundaries)
{
    public static LoggedEvent Read(Statement row) => new(
        row.Int64(0), row.Text(1), row.Int64(2), row.Text(3), row.NullableInt64(4), row.NullableInt64(5) ?? 0, row.NullableInt64(6) ?? 0,
        row.NullableText(7), row.IsNull(4) ? (ReadOnlyMemory<byte>?)null : row.NullableBytes(8),
        row.NullableBytes(9));

    /// <summary>The row that the event is about, where the row as it is now tells all that several events did to it.</summary>
    public (string Table, string? Id)? Subject => Kind switch
    {
        _ when Ord is not null => null,
        EventKinds.Thread => ("threads", null),
        EventKinds.Run => ("runs", SubjectId),
        EventKinds.RequestedToolCall or "tool_call" or "tool_call_update" when SubjectId is not null => ("tool_calls", SubjectId),
        EventKinds.Terminal or EventKinds.TerminalOutput => ("terminals", SubjectId),
        "plan" => ("plan", null),
        EventKinds.Session or "current_mode_update" or "available_commands_update" or "config_option_update" or "usage_update" => ("state", null),
        _ => null,
    };
}
