using System.Buffers;
using System.Text.Json;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Protocol;

/// <summary>Replies to requests (docs/protocol.md, "Frames").</summary>
internal static class Replies
{
    /// <summary>The body of a write's answer as it is remembered with its idempotency key: without <c>id</c>, which is the request's.</summary>
    public static byte[] Body(WriteOutcome outcome, string control, StoreIdentity identity)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            WriteFields(json, outcome, control, identity);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void Outcome(Utf8JsonWriter json, ReadOnlyMemory<byte>? id, WriteOutcome outcome, string control, StoreIdentity identity)
    {
        if (outcome.Error is { } error)
        {
            Error(json, id, error);
            return;
        }

        json.WriteStartObject();
        if (outcome.FirstReply is { } first)
        {
            using var document = JsonDocument.Parse(first);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                field.WriteTo(json);
                if (field.NameEquals("type"u8)) Id(json, id);
            }
        }
        else
        {
            WriteFields(json, outcome, control, identity, id);
        }

        json.WriteEndObject();
    }

    private static void WriteFields(
        Utf8JsonWriter json, WriteOutcome outcome, string control, StoreIdentity identity, ReadOnlyMemory<byte>? id = null)
    {
        var isRun = control == Controls.RunSubmit;
        json.WriteString("type"u8, isRun ? "run.submitted"u8 : "tinyvex.ack"u8);
        Id(json, id);
        if (isRun)
        {
            json.WriteString("threadId"u8, outcome.ThreadId);
            json.WriteString("runId"u8, outcome.RunId);
            json.WriteNumber("timestamp"u8, outcome.Timestamp);
        }
        else if (control is Controls.CreateThread or Controls.Hold)
        {
            json.WriteString("threadId"u8, outcome.ThreadId);
            if (outcome.IsNew) json.WriteBoolean("created"u8, true);
        }
        else if (control == Controls.BeginRun)
        {
            json.WriteString("threadId"u8, outcome.ThreadId);
            json.WriteString("runId"u8, outcome.RunId);
        }
        else if (control is Controls.RequestPermission or Controls.RequestElicitation)
        {
            json.WriteString("requestId"u8, outcome.RequestId);
        }

        Span<byte> cursor = stackalloc byte[Cursor.Length];
        Cursor.At(identity, outcome.Position).Encode(cursor);
        json.WriteString("cursor"u8, cursor);
    }

    public static void Ack(Utf8JsonWriter json, ReadOnlyMemory<byte>? id)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tinyvex.ack"u8);
        Id(json, id);
        json.WriteEndObject();
    }

    public static void Error(Utf8JsonWriter json, ReadOnlyMemory<byte>? id, TinyvexException error) => Error(json, id, null, error);

    /// <summary>Of a line of stdin that is no request, and so has no id.</summary>
    public static void LineError(Utf8JsonWriter json, long line, TinyvexException error) => Error(json, null, line, error);

    private static void Error(Utf8JsonWriter json, ReadOnlyMemory<byte>? id, long? line, TinyvexException error)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tinyvex.error"u8);
        Id(json, id);
        if (line is { } number) json.WriteNumber("line"u8, number);
        json.WriteString("code"u8, error.Code.Wire());
        json.WriteString("message"u8, error.Message);
        if (error.DataJson is { } data)
        {
            json.WritePropertyName("data"u8);
            json.WriteRawValue(data, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    /// <summary>A subscription goes on after a cursor: what was missed follows, and then what is new.</summary>
    public static void Resumed(Utf8JsonWriter json, ReadOnlyMemory<byte>? id, string stream, string? threadId, Cursor cursor)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tinyvex.resumed"u8);
        Id(json, id);
        json.WriteString("stream"u8, stream);
        if (threadId is not null) json.WriteString("threadId"u8, threadId);
        json.WriteString("cursor"u8, cursor.ToString());
        json.WriteEndObject();
    }

    public static void Id(Utf8JsonWriter json, ReadOnlyMemory<byte>? id)
    {
        if (id is not { } raw) return;
        json.WritePropertyName("id"u8);
        json.WriteRawValue(raw.Span, skipInputValidation: true);
    }
}
