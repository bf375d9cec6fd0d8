using System.Text.Json;

namespace Tinyvex.Rows;

/// <summary>
/// Writes a row's fields, cutting those over 256 KiB unless the whole row was asked for; whether one was cut is remembered, so
/// that the row can say <c>"truncated":true</c> (docs/protocol.md, "Queries").
/// </summary>
internal ref struct FieldWriter(Utf8JsonWriter json, bool whole)
{
    /// <summary>Bytes of a field in lists, snapshots and updates.</summary>
    public const int MaxFieldBytes = 256 * 1024;

    private bool _truncated;

    public readonly Utf8JsonWriter Json { get; } = json;

    public void Text(ReadOnlySpan<byte> name, string? value)
    {
        if (value is null) Json.WriteNull(name);
        else if (value.Length > MaxFieldBytes / 3) Utf8Text(name, System.Text.Encoding.UTF8.GetBytes(value));
        else Json.WriteString(name, value);
    }

    public readonly void Number(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number) Json.WriteNumber(name, number);
        else Json.WriteNull(name);
    }

    public void Utf8Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8)
    {
        if (!whole && utf8.Length > MaxFieldBytes)
        {
            _truncated = true;
            utf8 = Utf8Cut.AtMost(utf8, MaxFieldBytes);
        }

        Json.WriteString(name, utf8);
    }

    /// <summary>Writes stored JSON, or null where there is none.</summary>
    public void Raw(ReadOnlySpan<byte> name, ReadOnlyMemory<byte>? value)
    {
        Json.WritePropertyName(name);
        if (value is not { } raw)
        {
            Json.WriteNullValue();
        }
        else if (!whole && raw.Length > MaxFieldBytes)
        {
            _truncated = true;
            JsonCutter.Write(Json, raw.Span, MaxFieldBytes);
        }
        else
        {
            Json.WriteRawValue(raw.Span, skipInputValidation: true);
        }
    }

    /// <summary>Notes that a field was cut by its row itself.</summary>
    public void MarkCut() => _truncated = true;

    /// <summary>Writes the mark of a cut row, where one field was cut.</summary>
    public readonly void EndRow()
    {
        if (_truncated) Json.WriteBoolean("truncated"u8, true);
    }
}
