using System.Text;
using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>
/// Reads a recorded message once and notes where its ids stand. Ids are looked for only where ACP has them: deeper, in a tool's
/// input or output, the same names belong to somebody else.
/// </summary>
internal static class MessageScanner
{
    /// <summary>Tools may nest their input and output as they like.</summary>
    public const int MaxDepth = 512;

    /// <exception cref="JsonException">The message is not a JSON object.</exception>
    public static RecordedMessage Scan(ReadOnlyMemory<byte> message)
    {
        var reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        var slots = new List<Slot>(4);
        string? method = null, id = null, session = null;
        var isError = false;

        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A message is a JSON object.");

        while (ReadName(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                var slot = TokenSlot(in reader, SlotKind.MessageId);
                slots.Add(slot);
                id = Encoding.UTF8.GetString(message.Span.Slice(slot.Offset, slot.Length));
                reader.Skip();
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                method = reader.TokenType == JsonTokenType.String ? string.Intern(reader.GetString()!) : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("params"u8) || reader.ValueTextEquals("result"u8))
            {
                reader.Read();
                ScanBody(ref reader, slots, ref session);
            }
            else
            {
                isError |= reader.ValueTextEquals("error"u8);
                reader.Skip();
            }
        }

        // One more read makes sure that nothing follows the object.
        if (reader.Read())
            throw new JsonException("A message is one JSON object.");
        return new RecordedMessage
        {
            Bytes = message, Slots = [.. slots], Method = method, Id = id, SessionId = session, IsError = isError,
        };
    }

    private static void ScanBody(ref Utf8JsonReader reader, List<Slot> slots, ref string? session)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (ReadName(ref reader))
        {
            if (reader.ValueTextEquals("sessionId"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    session = string.Intern(reader.GetString()!);
                    slots.Add(TokenSlot(in reader, SlotKind.Session));
                }

                reader.Skip();
            }
            else if (reader.ValueTextEquals("update"u8) || reader.ValueTextEquals("toolCall"u8))
            {
                reader.Read();
                ScanUpdate(ref reader, slots);
            }
            else
            {
                ScanId(ref reader, slots);
            }
        }
    }

    private static void ScanUpdate(ref Utf8JsonReader reader, List<Slot> slots)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (ReadName(ref reader))
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                ScanContent(ref reader, slots);
            }
            else
            {
                ScanId(ref reader, slots);
            }
        }
    }

    /// <summary>The content of a tool call: a list, in which a terminal may be shown.</summary>
    private static void ScanContent(ref Utf8JsonReader reader, List<Slot> slots)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (ReadName(ref reader))
                ScanId(ref reader, slots);
        }
    }

    private static void ScanId(ref Utf8JsonReader reader, List<Slot> slots)
    {
        SlotKind? kind =
            reader.ValueTextEquals("toolCallId"u8) || reader.ValueTextEquals("messageId"u8) ||
            reader.ValueTextEquals("compactionId"u8) || reader.ValueTextEquals("elicitationId"u8) ? SlotKind.UniqueId
            : reader.ValueTextEquals("terminalId"u8) ? SlotKind.Terminal
            : null;
        reader.Read();
        if (kind is { } found && reader.TokenType == JsonTokenType.String)
            slots.Add(TokenSlot(in reader, found));
        reader.Skip();
    }

    private static bool ReadName(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static Slot TokenSlot(in Utf8JsonReader reader, SlotKind kind) =>
        new((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex), kind);
}
