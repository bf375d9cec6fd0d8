using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Writes a whole conversation, entry after entry of its timeline.</summary>
internal abstract class ConversationWriter(Screen screen)
{
    protected Screen Screen { get; } = screen;

    public abstract void Begin(JsonElement thread);

    public void Entry(JsonElement entry)
    {
        var row = entry.GetProperty("row");
        Screen.WriteLine();
        switch (entry.Text("kind"))
        {
            case "message":
                Message(row);
                break;
            case "tool_call":
                ToolCall(row);
                break;
            case "run":
                Run(row);
                break;
            case "terminal":
                Terminal(row);
                break;
        }
    }

    /// <param name="plan">The entries of the plan, where there is one.</param>
    /// <param name="pending">Permission requests that nobody has answered.</param>
    public abstract void End(JsonElement? plan, IReadOnlyList<JsonElement> pending);

    protected abstract void Message(JsonElement row);

    protected abstract void ToolCall(JsonElement row);

    protected abstract void Run(JsonElement row);

    protected abstract void Terminal(JsonElement row);

    /// <summary>How a run ended and how long it took.</summary>
    protected static string Came(JsonElement run) =>
        run.Text("status") + (run.Number("startedAt") is { } started && run.Number("finishedAt") is { } finished ? " in " + Duration.Text(TimeSpan.FromMilliseconds(finished - started)) : "");

    protected static string? Error(JsonElement run) => run.TryGetProperty("error", out var error) && error.Text("message") is { } why ? Printable.Text(why) : null;

    protected static string Subject(JsonElement permission) => Printable.Line(permission.GetProperty("toolCall").Text("title") ?? "go on");

    /// <summary>What of a message is no text.</summary>
    protected static IEnumerable<JsonElement> Attached(JsonElement message) => message.Items("content").Where(block => block.Text("type") != "text");
}
