using System.Text;
using System.Text.Json;

namespace Tinyvex.Protocol;

/// <summary>
/// One request of a client: its fields, typed as they are asked for. A field of the wrong type is <c>bad_request</c> with a message
/// that names it, one over its limit <c>too_large</c>.
/// </summary>
internal sealed class Request : IDisposable
{
    private readonly JsonDocument _document;
    private readonly int _maxIdBytes;

    private Request(ReadOnlyMemory<byte> json, JsonDocument document, int maxIdBytes)
    {
        Json = json;
        _document = document;
        _maxIdBytes = maxIdBytes;
    }

    /// <summary>The frame; slices of it stay valid after the request is disposed.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The <c>id</c> as it was sent, or null.</summary>
    public ReadOnlyMemory<byte>? Id { get; private set; }

    public JsonElement Root => _document.RootElement;

    /// <summary>Reads a frame, which the request keeps.</summary>
    /// <exception cref="TinyvexException"><c>bad_json</c> or <c>bad_request</c>.</exception>
    public static Request Parse(ReadOnlyMemory<byte> frame, int maxIdBytes)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(frame, JsonText.DocumentOptions);
        }
        catch (JsonException exception)
        {
            throw new TinyvexException(ErrorCode.BadJson, "the frame is not JSON: " + exception.Message);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            if (JsonText.AllNamesAreText(frame.Span)) return new Request(frame, document, maxIdBytes);
            document.Dispose();
            throw TinyvexException.BadRequest("a name holds half a surrogate pair, which is no Unicode text");
        }

        document.Dispose();
        throw TinyvexException.BadRequest("a frame must be one JSON object, such as {\"control\":\"tvx.query\",\"name\":\"threads.list\"}");
    }

    /// <summary>Reads the id first, so that whatever else is wrong is told to the right request.</summary>
    public void ReadId()
    {
        if (!Root.TryGetProperty("id"u8, out var id) || id.ValueKind == JsonValueKind.Null) return;
        if (id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) throw TinyvexException.BadRequest("'id' must be a string or a number");
        var raw = Json.Slice(id);
        if (raw.Length > _maxIdBytes) throw new TinyvexException(ErrorCode.TooLarge, $"'id' is longer than {_maxIdBytes} bytes");
        Id = raw;
    }

    /// <summary>The control; a string of our own for the one that comes by the thousand.</summary>
    public string Control =>
        Root.TryGetProperty("control"u8, out var control) && control.ValueKind == JsonValueKind.String && control.ValueEquals("tvx.ingest"u8)
            ? Controls.Ingest
            : RequiredString("control");

    public string? OptionalString(string field) => OptionalString(Root, field);

    public string RequiredString(string field) => RequiredString(Root, field);

    /// <summary>A thread's id under either spelling, or null.</summary>
    public string? OptionalThreadId(JsonElement of) => OptionalId(of, "threadId") ?? OptionalId(of, "thread_id");

    public string RequiredThreadId(JsonElement of) => OptionalThreadId(of) ?? throw TinyvexException.BadRequest("'threadId' (a string) is needed");

    public string RequiredThreadId() => RequiredThreadId(Root);

    public string RequiredId(JsonElement of, string field) =>
        OptionalId(of, field) ?? throw TinyvexException.BadRequest($"'{field}' (a string) is needed");

    /// <summary>An id: text of at most 1 KiB that is not empty and holds no NUL.</summary>
    public string? OptionalId(JsonElement of, string field)
    {
        if (OptionalString(of, field) is not { } value) return null;
        if (value.Length == 0) throw TinyvexException.BadRequest($"'{field}' is empty");
        if (value.Length > _maxIdBytes || Encoding.UTF8.GetByteCount(value) > _maxIdBytes)
        {
            throw new TinyvexException(ErrorCode.TooLarge, $"'{field}' is longer than {_maxIdBytes} bytes");
        }

        return value.Contains('\0', StringComparison.Ordinal) ? throw TinyvexException.BadRequest($"'{field}' holds a NUL character") : value;
    }

    public static string RequiredString(JsonElement of, string field) =>
        OptionalString(of, field) ?? throw TinyvexException.BadRequest($"'{field}' (a string) is needed");

    public static string? OptionalString(JsonElement of, string field)
    {
        if (!of.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) throw TinyvexException.BadRequest($"'{field}' must be a string");
        if (JsonText.HasLoneSurrogate(value)) throw TinyvexException.BadRequest($"'{field}' holds half a surrogate pair, which is no Unicode text");
        return value.GetString();
    }

    public static bool? OptionalBool(JsonElement of, string field)
    {
        if (!of.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw TinyvexException.BadRequest($"'{field}' must be true or false");
    }

    /// <summary>A list's limit: 50 where none is given, at most 1000.</summary>
    public static int Limit(JsonElement of, int fallback = 50)
    {
        const int max = 1_000;
        if (!of.TryGetProperty("limit"u8, out var value) || value.ValueKind == JsonValueKind.Null) return fallback;
        if (value.ValueKind == JsonValueKind.Number)
        {
            // As a double, since 1e2 and 5.0 are integers too, and far too large ones are still too large.
            if (value.TryGetDouble(out var limit) && limit >= 1 && limit == Math.Floor(limit)) return (int)Math.Min(limit, max);
        }

        throw TinyvexException.BadRequest("'limit' must be an integer of at least 1");
    }

    public void Dispose() => _document.Dispose();
}
