using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>A row of <c>terminals</c>: a command that an agent had run, and what it has printed.</summary>
internal sealed record TerminalRow
{
    /// <summary>Bytes of output in lists, snapshots and updates, the last ones: what a person sees of a terminal first.</summary>
    public const int MaxShownBytes = 64 * 1024;

    public const string Columns =
        "threadId, terminalId, ord, command, args_json, cwd, outputStart, outputLen, status, exitCode, signal, createdAt, exitedAt, updatedAt";

    public const string Get = $"SELECT {Columns} FROM terminals WHERE threadId = ?1 AND terminalId = ?2";

    public const string At = $"SELECT {Columns} FROM terminals WHERE threadId = ?1 AND ord = ?2";

    public const string ListBefore = $"SELECT {Columns} FROM terminals WHERE threadId = ?1 AND ord < ?2 ORDER BY ord DESC LIMIT ?3";

    public const string RunningBefore = $"SELECT {Columns} FROM terminals WHERE threadId = ?1 AND status = 'running' AND ord < ?2 ORDER BY ord";

    public const string RunningOfThread = $"SELECT {Columns} FROM terminals WHERE threadId = ?1 AND status = 'running'";

    public const string Insert = $"INSERT INTO terminals({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, NULL, NULL, ?8, NULL, ?8)";

    /// <summary>The end of a terminal: the first one stands.</summary>
    public const string End = $"""
        UPDATE terminals SET status = ?3, exitCode = ?4, signal = ?5, exitedAt = ?6, updatedAt = ?6
        WHERE threadId = ?1 AND terminalId = ?2 AND status = 'running' RETURNING {Columns}
        """;

    /// <summary>What is kept of the output, and the event that tells of it: one event is enough, whichever was the first that a reader has missed.</summary>
    public const string Printed = $"""
        UPDATE terminals SET outputStart = ?3, outputLen = ?4, outputEvent = ?5, updatedAt = ?6 WHERE threadId = ?1 AND terminalId = ?2 RETURNING {Columns}
        """;

    /// <summary>Those whose output was last told of behind an event: few, as that moves with all that is printed.</summary>
    public const string PrintedBehind = $"SELECT {Columns} FROM terminals WHERE outputEvent > ?1 ORDER BY outputEvent";

    /// <summary>Up to where its output is kept, and the event that told of it last.</summary>
    public const string OutputPlace = "SELECT outputLen, outputEvent FROM terminals WHERE threadId = ?1 AND terminalId = ?2";

    public required string ThreadId { get; init; }

    public required string TerminalId { get; init; }

    public required long Ord { get; init; }

    public required string Command { get; init; }

    /// <summary>A JSON array of strings.</summary>
    public ReadOnlyMemory<byte>? Args { get; init; }

    public string? Cwd { get; init; }

    /// <summary>Where the kept output begins, in bytes of all that was printed.</summary>
    public long OutputStart { get; init; }

    /// <summary>Bytes of all that was printed.</summary>
    public long OutputLen { get; init; }

    public required string Status { get; init; }

    public long? ExitCode { get; init; }

    public string? Signal { get; init; }

    public required long CreatedAt { get; init; }

    public long? ExitedAt { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>The end of the output, or all that is kept of it; null where the output is not told.</summary>
    public ReadOnlyMemory<byte>? Output { get; init; }

    public static TerminalRow Read(Statement row) => new()
    {
        ThreadId = row.Text(0),
        TerminalId = row.Text(1),
        Ord = row.Int64(2),
        Command = row.Text(3),
        Args = row.NullableBytes(4),
        Cwd = row.NullableText(5),
        OutputStart = row.Int64(6),
        OutputLen = row.Int64(7),
        Status = row.Text(8),
        ExitCode = row.NullableInt64(9),
        Signal = row.NullableText(10),
        CreatedAt = row.Int64(11),
        ExitedAt = row.NullableInt64(12),
        UpdatedAt = row.Int64(13),
    };

    /// <summary>The row with its output: the last 64 KiB, or with <paramref name="whole"/> all that is kept.</summary>
    public TerminalRow WithOutput(StoreConnection store, bool whole = false)
    {
        var from = whole ? OutputStart : Math.Max(OutputStart, OutputLen - MaxShownBytes);
        var output = TerminalOutput.Read(store, ThreadId, TerminalId, from);
        return this with { Output = from == OutputStart ? output : Utf8Cut.FromCharacter(output) };
    }

    public void Write(Utf8JsonWriter json)
    {
        var row = new FieldWriter(json, whole: false);
        json.WriteStartObject();
        row.Text("threadId"u8, ThreadId);
        row.Text("terminalId"u8, TerminalId);
        row.Number("order"u8, Ord);
        row.Text("command"u8, Command);
        row.Raw("args"u8, Args);
        row.Text("cwd"u8, Cwd);
        if (Output is { } output)
        {
            var start = OutputLen - output.Length;
            json.WriteString("output"u8, output.Span);
            row.Number("outputStart"u8, start);
            row.Number("outputLen"u8, OutputLen);
            if (start > OutputStart) row.MarkCut();
        }

        row.Text("status"u8, Status);
        row.Number("exitCode"u8, ExitCode);
        row.Text("signal"u8, Signal);
        row.Number("createdAt"u8, CreatedAt);
        row.Number("exitedAt"u8, ExitedAt);
        row.Number("updatedAt"u8, UpdatedAt);
        row.EndRow();
        json.WriteEndObject();
    }
}
