using System.Text.Json;

namespace Tinyvex.Cli.Terminal;

/// <summary>Fields of rows, of which most may be null or absent.</summary>
internal static class JsonFields
{
    public static string? Text(this JsonElement row, string field) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static long? Number(this JsonElement row, string field) =>
        row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    public static bool Is(this JsonElement row, string field) => row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>The elements of a list; none where it is null or absent.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement row, string field) =>
        row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
