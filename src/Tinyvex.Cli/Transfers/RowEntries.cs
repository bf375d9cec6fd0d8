using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>Rows of a thread, as the server gives them, turned back into what happened.</summary>
/// <param name="asked">What the agent asked: rows of permissions and elicitations.</param>
internal sealed class RowEntries(ThreadImport thread, IEnumerable<JsonElement> asked)
{
    private readonly Queue<JsonElement> _asked = new(asked.OrderBy(row => row.Number("order") ?? 0));

    public static ThreadFacts Facts(JsonElement row) => new()
    {
        Title = row.Text("title"),
        Source = row.Text("source"),
        WorkingDirectory = row.Text("workingDirectory"),
        ProjectId = row.Text("projectId"),
        ResumeId = row.Text("resumeId"),
        Archived = row.Is("archived"),
        CreatedAt = row.Number("createdAt"),
    };

    /// <summary>Adds an entry of the timeline, behind what the agent asked before it.</summary>
    public async Task AddAsync(JsonElement entry)
    {
        if (!entry.TryGetProperty("row"u8, out var row) || row.ValueKind != JsonValueKind.Object) return;
        while (_asked.TryPeek(out var next) && next.Number("order") < row.Number("order")) await thread.AddAsync(Asked(_asked.Dequeue()));
        switch (entry.Text("kind"))
        {
            case "message":
                foreach (var chunk in Chunks(row)) await thread.AddAsync(chunk);
                await thread.AddAsync(Entries.Finalize(row.Number("updatedAt") ?? row.Number("ts")));
                break;
            case "tool_call" when row.Text("toolCallId") is not null:
                await thread.AddAsync(ToolCall(row));
                break;
            case "run" when row.Text("runId") is not null:
                await thread.AddAsync(Run(row));
                break;
        }
    }

    /// <param name="state">The row of the thread's state, where there is one.</param>
    /// <param name="plan">The row of its plan, where there is one.</param>
    public async Task EndAsync(JsonElement? state, JsonElement? plan)
    {
        while (_asked.TryDequeue(out var next)) await thread.AddAsync(Asked(next));
        if (state is { ValueKind: JsonValueKind.Object } row) await AddStateAsync(row, row.Number("updatedAt"));
        if (plan is { ValueKind: JsonValueKind.Object } planned)
        {
            await thread.AddAsync(Entries.Update(planned.Number("updatedAt"), "plan", json => Entries.RawOf(json, "entries", planned)));
        }
    }

    private async Task AddStateAsync(JsonElement row, long? ts)
    {
        await thread.AddAsync(new Entry(ts, "session", Entries.Object(json =>
        {
            Entries.RawOf(json, "currentModeId", row);
            Entries.RawOf(json, "availableModes", row);
            Entries.RawOf(json, "configOptions", row);
        })));
        if (row.TryGetProperty("availableCommands"u8, out var commands) && commands.ValueKind == JsonValueKind.Array)
        {
            await thread.AddAsync(Entries.Update(ts, "available_commands_update", json => Entries.Raw(json, "availableCommands", commands)));
        }

        if (row.TryGetProperty("usage"u8, out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            await thread.AddAsync(Entries.Update(ts, "usage_update", json =>
            {
                foreach (var field in usage.EnumerateObject()) Entries.Raw(json, field.Name, field.Value);
            }));
        }
    }

    private static IEnumerable<Entry> Chunks(JsonElement row)
    {
        var ts = row.Number("ts") ?? row.Number("createdAt");
        var kind = row.Text("kind") == "reason" ? "agent_thought_chunk" : row.Text("role") == "user" ? "user_message_chunk" : "agent_message_chunk";
        if (row.Items("content").Any()) return row.Items("content").Select(block => Entries.Block(ts, kind, block));
        return row.Text("text") is { Length: > 0 } text ? [Entries.Text(ts, kind, text)] : [];
    }

    private static Entry ToolCall(JsonElement row) => Entries.Update(row.Number("createdAt"), row.Text("title") is null ? "tool_call_update" : "tool_call", json =>
    {
        foreach (var name in (string[])["toolCallId", "title", "kind", "status", "content", "locations", "rawInput", "rawOutput"]) Entries.RawOf(json, name, row);
    });

    private static Entry Run(JsonElement row) => new(row.Number("createdAt"), "run", Entries.Object(json =>
    {
        foreach (var name in (string[])["runId", "agent", "prompt", "stopReason", "error", "startedAt", "finishedAt"]) Entries.RawOf(json, name, row);
        // What was under way when it was written is under way no more.
        var status = row.Text("status");
        json.WriteString("status"u8, status is "queued" or "running" ? "cancelled" : status);
    }));

    private static Entry Asked(JsonElement row) => row.TryGetProperty("request"u8, out _) ? Elicitation(row) : Permission(row);

    private static Entry Elicitation(JsonElement row) => new(row.Number("createdAt"), "elicitation", Entries.Object(json =>
    {
        foreach (var name in (string[])["runId", "request", "outcome", "answeredBy", "answeredAt"]) Entries.RawOf(json, name, row);
    }));

    private static Entry Permission(JsonElement row) => new(row.Number("createdAt"), "permission", Entries.Object(json =>
    {
        foreach (var name in (string[])["runId", "toolCall", "options", "outcome", "answeredAt"]) Entries.RawOf(json, name, row);
        if (row.Text("status") == "answered") json.WriteString("answeredBy"u8, row.Text("answeredBy") ?? "client");
    }));
}
