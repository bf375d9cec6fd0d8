using System.Text;
using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>
/// Reads a recorded message once and notes where its ids stand. Ids are looked for only where ACP has them: deeper, in a tool's
/// input or output, the same names belong to somebody else.
/// </summary>
internal sealed class MessageScanner
{
    /// <summary>Tools may nest their input and output as they like.</summary>
    public const int MaxDepth = 512;

    private readonly List<Slot> _slots = [];

    // From one message to the next these are mostly the same, and a recording has a great many messages.
    private string? _lastMethod;
    private string? _lastSession;

    /// <exception cref="JsonException">The message is not a JSON object.</exception>
    public RecordedMessage Scan(ReadOnlyMemory<byte> message)
    {
        var reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        _slots.Clear();
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
                _slots.Add(slot);
                id = Encoding.UTF8.GetString(message.Span.Slice(slot.Offset, slot.Length));
                reader.Skip();
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                method = reader.TokenType == JsonTokenType.String ? Text(in reader, ref _lastMethod) : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("params"u8) || reader.ValueTextEquals("result"u8))
            {
                reader.Read();
                ScanBody(ref reader, ref session);
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
            Bytes = message,
            Slots = [.. _slots],
            Method = method,
            Id = id,
            SessionId = session,
            IsError = isError,
        };
    }

    private void ScanBody(ref Utf8JsonReader reader, ref string? session)
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
                    session = Text(in reader, ref _lastSession);
                    _slots.Add(TokenSlot(in reader, SlotKind.Session));
                }

                reader.Skip();
            }
            else if (reader.ValueTextEquals("update"u8) || reader.ValueTextEquals("toolCall"u8))
            {
                reader.Read();
                ScanUpdate(ref reader);
            }
            else
            {
                ScanId(ref reader);
            }
        }
    }

    private void ScanUpdate(ref Utf8JsonReader reader)
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
                ScanContent(ref reader);
            }
            else
            {
                ScanId(ref reader);
            }
        }
    }

    /// <summary>The content of a tool call: a list, in which a terminal may be shown.</summary>
    private void ScanContent(ref Utf8JsonReader reader)
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
                ScanId(ref reader);
        }
    }

    private void ScanId(ref Utf8JsonReader reader)
    {
        SlotKind? kind =
            reader.ValueTextEquals("toolCallId"u8) || reader.ValueTextEquals("messageId"u8) ||
            reader.ValueTextEquals("compactionId"u8) || reader.ValueTextEquals("elicitationId"u8) ? SlotKind.UniqueId
            : reader.ValueTextEquals("terminalId"u8) ? SlotKind.Terminal
            : null;
        reader.Read();
        if (kind is { } found && reader.TokenType == JsonTokenType.String)
            _slots.Add(TokenSlot(in reader, found));
        reader.Skip();
    }

    private static string Text(in Utf8JsonReader reader, ref string? last) =>
        last is not null && reader.ValueTextEquals(last) ? last : last = reader.GetString()!;

    private static bool ReadName(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static Slot TokenSlot(in Utf8JsonReader reader, SlotKind kind) =>
        new((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex), kind);
}
