using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>Tools of Claude Code as tool calls of ACP.</summary>
internal static class ClaudeTools
{
    public static Entry Call(long? ts, string id, JsonElement use)
    {
        var name = use.Text("name") ?? "tool";
        var input = use.TryGetProperty("input"u8, out var given) ? given : default;
        if (IsPlan(use)) return Plan(ts, input);
        return Entries.Update(ts, "tool_call", json =>
        {
            json.WriteString("toolCallId"u8, id);
            json.WriteString("title"u8, Title(name, input));
            json.WriteString("kind"u8, Kind(name));
            json.WriteString("status"u8, "in_progress"u8);
            if (input.ValueKind != JsonValueKind.Undefined) Entries.Raw(json, "rawInput", input);
            if (input.Text("file_path") is not { } path) return;
            json.WriteStartArray("locations"u8);
            json.WriteStartObject();
            json.WriteString("path"u8, path);
            json.WriteEndObject();
            json.WriteEndArray();
            if (Edits(use) is not { Count: > 0 } edits) return;
            json.WriteStartArray("content"u8);
            foreach (var (before, after) in edits)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "diff"u8);
                json.WriteString("path"u8, path);
                json.WriteString("oldText"u8, before);
                json.WriteString("newText"u8, after);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Whether a call is told as a plan, and so is no tool call.</summary>
    public static bool IsPlan(JsonElement use) => use.Text("name") == "TodoWrite";

    /// <summary>What a call changes in files; none where it does not edit.</summary>
    public static IReadOnlyList<(string? Before, string After)> Edits(JsonElement use)
    {
        var input = use.TryGetProperty("input"u8, out var given) ? given : default;
        return use.Text("name") switch
        {
            "Write" => [(null, input.Text("content") ?? "")],
            "Edit" => [(input.Text("old_string") ?? "", input.Text("new_string") ?? "")],
            "MultiEdit" => [.. input.Items("edits").Select(edit => ((string?)(edit.Text("old_string") ?? ""), edit.Text("new_string") ?? ""))],
            _ => [],
        };
    }

    private static string Title(string name, JsonElement input) =>
        name switch
        {
            "Bash" => input.Text("command"),
            "Read" or "Write" or "Edit" or "MultiEdit" or "NotebookEdit" when (input.Text("file_path") ?? input.Text("notebook_path")) is { } path => $"{name} {path}",
            "Grep" or "Glob" when input.Text("pattern") is { } pattern => $"{name} {pattern}",
            "WebFetch" when input.Text("url") is { } url => $"Fetch {url}",
            "WebSearch" when input.Text("query") is { } query => $"Search {query}",
            "Task" or "Agent" => input.Text("description"),
            _ => null,
        } ?? name;

    private static string Kind(string name) => name switch
    {
        "Bash" => "execute",
        "Read" => "read",
        "Write" or "Edit" or "MultiEdit" or "NotebookEdit" => "edit",
        "Grep" or "Glob" => "search",
        "WebFetch" or "WebSearch" => "fetch",
        "Task" or "Agent" => "think",
        _ => "other",
    };

    private static Entry Plan(long? ts, JsonElement input) => Entries.Update(ts, "plan", json =>
    {
        json.WriteStartArray("entries"u8);
        foreach (var todo in input.Items("todos"))
        {
            json.WriteStartObject();
            json.WriteString("content"u8, todo.Text("content") ?? "");
            json.WriteString("priority"u8, "medium"u8);
            json.WriteString("status"u8, todo.Text("status") is ("in_progress" or "completed") and var status ? status : "pending");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
