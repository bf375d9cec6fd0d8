using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>What is known of a tool call: its row, put together from updates that leave out what did not change.</summary>
internal sealed class ToolCall
{
    private readonly HashSet<string> _printed = new(StringComparer.Ordinal);

    public ToolCall(JsonElement row) => Take(row);

    public string Title { get; private set; } = "";

    public string? Kind { get; private set; }

    public string Status { get; private set; } = "pending";

    public JsonElement? Content { get; private set; }

    public JsonElement? RawOutput { get; private set; }

    public TimeSpan Took { get; private set; }

    public bool HasEnded => Status is "completed" or "failed";

    public void Take(JsonElement row)
    {
        Kind = row.Text("kind") ?? Kind;
        // An agent may begin a call before it knows what to call it.
        Title = row.Text("title") is { Length: > 0 } title ? title : Title.Length > 0 ? Title : Kind ?? row.Text("toolCallId")!;
        Status = row.Text("status") ?? Status;
        if (row.TryGetProperty("content", out var content)) Content = content.Clone();
        if (row.TryGetProperty("rawOutput", out var output)) RawOutput = output.Clone();
        if (row.TryGetProperty("createdAt", out var created) && row.TryGetProperty("updatedAt", out var updated))
        {
            Took = TimeSpan.FromMilliseconds(updated.GetInt64() - created.GetInt64());
        }
    }

    /// <summary>True once for each part of the content: an agent repeats a diff when it asks for permission.</summary>
    public bool IsNews(JsonElement part) => _printed.Add(part.GetRawText());

    /// <summary>Lets go of what is only needed until the call has ended, since a turn may have thousands of them.</summary>
    public void Forget()
    {
        _printed.Clear();
        (Content, RawOutput) = (null, null);
    }
}
