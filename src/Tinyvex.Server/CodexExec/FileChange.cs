using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.CodexExec;

/// <summary>What happened to one file.</summary>
/// <param name="Verb">Add, Delete, Move or Edit, as a title begins.</param>
/// <param name="Path">Where the file is afterwards.</param>
/// <param name="Content">The whole text, of a file that was added or deleted, where it is told.</param>
/// <param name="UnifiedDiff">The change, of a file that was edited, where it is told.</param>
internal sealed record FileChange(string Verb, string Path, string? Content = null, string? UnifiedDiff = null)
{
    /// <summary>A change as an item has it: <c>{"path":…,"kind":"add"}</c>.</summary>
    public static FileChange Read(JsonElement change) => new(
        change.Text("kind") switch { "add" => "Add", "delete" => "Delete", _ => "Edit" },
        change.Text("path") ?? "",
        UnifiedDiff: change.Text("diff") ?? change.Text("unified_diff"));

    /// <summary>Changes as codex's records and older events have them: <c>{PATH:{"type":"add","content":…}}</c>, or <c>{PATH:{"add":{…}}}</c>.</summary>
    public static List<FileChange> ReadAll(JsonElement changes)
    {
        if (changes.ValueKind != JsonValueKind.Object) return [];
        return [.. changes.EnumerateObject().Select(change =>
        {
            var type = change.Value.Text("type");
            var body = change.Value;
            foreach (var name in (string[])["add", "delete", "update"])
            {
                if (type is null && change.Value.Field(name) is { } inner) (type, body) = (name, inner);
            }

            var moved = body.Text("move_path");
            var verb = type switch { "add" => "Add", "delete" => "Delete", _ => moved is null ? "Edit" : "Move" };
            return new FileChange(verb, moved ?? change.Name, body.Text("content"), body.Text("unified_diff"));
        })];
    }
}
