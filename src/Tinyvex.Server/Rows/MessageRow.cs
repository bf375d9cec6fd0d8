using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>
/// A row of <c>messages</c>. While a message is open its row holds the text up to the event <c>foldedTo</c>; what came after is
/// in the log and is folded on top when the row is read (<see cref="MessageFold"/>).
/// </summary>
internal sealed class MessageRow
{
    public const string Columns =
        "id, threadId, itemId, ord, role, kind, text, blocks_json, partial, seq, textLen, foldedTo, acpMessageId, ts, createdAt, updatedAt";

    public const string Get = $"SELECT {Columns} FROM messages WHERE threadId = ?1 AND itemId = ?2 AND {ThreadRow.IsThere}";

    /// <summary>The newest messages before an order, newest first.</summary>
    public const string ListBefore =
        $"SELECT {Columns} FROM messages WHERE threadId = ?1 AND ord < ?2 AND {ThreadRow.IsThere} ORDER BY ord DESC LIMIT ?3";

    public const string OpenOfThread = $"SELECT {Columns} FROM messages WHERE threadId = ?1 AND partial = 1 ORDER BY ord";

    /// <summary>Bytes of the text of a message that is final.</summary>
    public const string FinalLength = "SELECT octet_length(text) FROM messages WHERE threadId = ?1 AND ord = ?2 AND partial = 0";

    public const string Insert = """
        INSERT INTO messages(threadId, itemId, ord, role, kind, text, partial, seq, textLen, foldedTo, acpMessageId, ts, createdAt, updatedAt)
        VALUES (?1, ?2, ?3, ?4, ?5, '', 1, 0, 0, ?6, ?7, ?8, ?8, ?8)
        """;

    /// <summary>Appends what was folded, and answers the row's number; once <c>partial</c> is 0 nothing changes the row again.</summary>
    public const string Fold = """
        UPDATE messages SET text = text || ?3, blocks_json = ?4, partial = ?5, seq = ?6, textLen = ?7, foldedTo = ?8, acpMessageId = ?9,
          updatedAt = ?10
        WHERE threadId = ?1 AND ord = ?2 AND partial = 1
        RETURNING id
        """;

    public required long Id { get; init; }

    public required string ThreadId { get; init; }

    public required string ItemId { get; init; }

    public required long Ord { get; init; }

    public string? Role { get; init; }

    public required string Kind { get; init; }

    /// <summary>The text as UTF-8.</summary>
    public required ReadOnlyMemory<byte> Text { get; set; }

    /// <summary>Blocks that are not text, with the byte of the text at which each stands.</summary>
    public required List<PlacedBlock> Blocks { get; init; }

    public required bool Partial { get; init; }

    public required long Seq { get; set; }

    public required long TextLen { get; set; }

    public required long FoldedTo { get; set; }

    public string? AcpMessageId { get; set; }

    public required long Ts { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; set; }

    public static MessageRow Read(Statement row) => new()
    {
        Id = row.Int64(0),
        ThreadId = row.Text(1),
        ItemId = row.Text(2),
        Ord = row.Int64(3),
        Role = row.NullableText(4),
        Kind = row.Text(5),
        Text = row.Utf8(6).ToArray(),
        Blocks = PlacedBlock.ReadAll(row.NullableBytes(7)),
        Partial = row.Int64(8) != 0,
        Seq = row.Int64(9),
        TextLen = row.Int64(10),
        FoldedTo = row.Int64(11),
        AcpMessageId = row.NullableText(12),
        Ts = row.Int64(13),
        CreatedAt = row.Int64(14),
        UpdatedAt = row.Int64(15),
    };

    public void Write(Utf8JsonWriter json, bool whole = false)
    {
        var row = new FieldWriter(json, whole);
        json.WriteStartObject();
        row.Number("id"u8, Id);
        row.Text("threadId"u8, ThreadId);
        row.Text("itemId"u8, ItemId);
        row.Number("order"u8, Ord);
        row.Text("role"u8, Role);
        row.Text("kind"u8, Kind);
        row.Utf8Text("text"u8, Text.Span);
        if (Blocks.Count > 0) row.Raw("content"u8, PlacedBlock.Content(Text.Span, Blocks));
        json.WriteBoolean("partial"u8, Partial);
        row.Number("seq"u8, Seq);
        row.Number("textLen"u8, TextLen);
        row.Number("ts"u8, Ts);
        row.Number("createdAt"u8, CreatedAt);
        row.Number("updatedAt"u8, UpdatedAt);
        row.EndRow();
        json.WriteEndObject();
    }
}
