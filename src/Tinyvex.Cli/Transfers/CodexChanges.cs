using System.Text;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>Changes of files by Codex, as diffs of ACP.</summary>
internal static class CodexChanges
{
    /// <summary>The content of the tool call, or null where no change is told.</summary>
    public static ReadOnlyMemory<byte>? Content(JsonElement item)
    {
        if (!item.TryGetProperty("changes"u8, out var changes) || changes.ValueKind != JsonValueKind.Object || !changes.EnumerateObject().Any()) return null;
        return Entries.Json(json =>
        {
            json.WriteStartArray();
            foreach (var change in changes.EnumerateObject())
            {
                var (before, after) = Texts(change.Value);
                json.WriteStartObject();
                json.WriteString("type"u8, "diff"u8);
                json.WriteString("path"u8, change.Name);
                json.WriteString("oldText"u8, before);
                json.WriteString("newText"u8, after);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static (string? Before, string After) Texts(JsonElement change) => change.Text("type") switch
    {
        "add" => (null, change.Text("content") ?? ""),
        "delete" => (change.Text("content") ?? "", ""),
        _ => OfDiff(change.Text("unified_diff") ?? ""),
    };

    /// <summary>What of the file the diff shows, before and after it.</summary>
    private static (string? Before, string After) OfDiff(string diff)
    {
        var (before, after) = (new StringBuilder(), new StringBuilder());
        foreach (var line in diff.Split('\n'))
        {
            if (line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("+++", StringComparison.Ordinal) || line.StartsWith("@@", StringComparison.Ordinal) || line.StartsWith('\\') || line.Length == 0) continue;
            if (line[0] != '+') before.Append(line.AsSpan(1)).Append('\n');
            if (line[0] != '-') after.Append(line.AsSpan(1)).Append('\n');
        }

        return (before.ToString(), after.ToString());
    }
}
