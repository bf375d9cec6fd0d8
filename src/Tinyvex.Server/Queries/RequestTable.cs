using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>A table of what agents ask, with the SQL of its lists: each newest first, behind a key of time and id.</summary>
internal sealed record RequestTable<TRow>
{
    /// <summary>The query, which is also the name in its pages' tokens.</summary>
    public required string Name { get; init; }

    /// <summary>Every status, the pending one first.</summary>
    public required string[] Statuses { get; init; }

    public required string OfStatus { get; init; }

    public required string OfStatusInThread { get; init; }

    public required string Done { get; init; }

    public required string DoneInThread { get; init; }

    public required Func<Statement, TRow> Read { get; init; }

    public required Action<TRow, Utf8JsonWriter> Write { get; init; }

    public required Func<TRow, (long CreatedAt, string RequestId)> Key { get; init; }
}
