using System.Text.Json;

namespace Tinyvex.Cli.Terminal;

/// <summary>Fields that may be missing or null.</summary>
internal static class JsonFields
{
    /// <summary>The field where it is a string, else null.</summary>
    public static string? Text(this JsonElement of, string field) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The elements of the field where it is an array, else none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement of, string field) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>The field where it is an integer, else null.</summary>
    public static long? Number(this JsonElement of, string field) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    /// <summary>Whether the field is true.</summary>
    public static bool Is(this JsonElement of, string field) => of.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;
}
