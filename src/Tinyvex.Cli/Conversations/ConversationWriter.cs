using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Writes a whole conversation, entry after entry of its timeline.</summary>
internal abstract class ConversationWriter(Screen screen)
{
    private readonly List<JsonElement> _runs = [];

    protected Screen Screen { get; } = screen;

    public abstract void Begin(JsonElement thread);

    /// <summary>Writes an entry, behind the ends of runs that came before it: a run's own row stands where it was asked for.</summary>
    public void Entry(JsonElement entry)
    {
        var row = entry.GetProperty("row");
        if (entry.Text("kind") == "run")
        {
            _runs.Add(row);
            return;
        }

        if (row.Number("createdAt") is { } at) EndRuns(finished => finished < at || (finished == at && row.Text("role") == "user"));
        Screen.WriteLine();
        switch (entry.Text("kind"))
        {
            case "message":
                Message(row);
                break;
            case "tool_call":
                ToolCall(row);
                break;
            case "permission":
                Permission(row);
                break;
            case "elicitation":
                Elicitation(row);
                break;
            case "terminal":
                Terminal(row);
                break;
        }
    }

    /// <param name="plan">The entries of the plan, where there is one.</param>
    public void End(JsonElement? plan)
    {
        EndRuns(_ => true);
        if (plan is { ValueKind: JsonValueKind.Array } entries && entries.GetArrayLength() > 0) Plan(entries);
    }

    protected abstract void Plan(JsonElement entries);

    protected abstract void Permission(JsonElement row);

    protected abstract void Elicitation(JsonElement row);

    protected abstract void Message(JsonElement row);

    protected abstract void ToolCall(JsonElement row);

    protected abstract void Run(JsonElement row);

    protected abstract void Terminal(JsonElement row);

    /// <summary>How a run ended and how long it took.</summary>
    protected static string Came(JsonElement run) =>
        run.Text("status") + (run.Text("stopReason") is { } reason and not ("end_turn" or "cancelled") ? $" ({Printable.Line(reason)})" : "") + (run.Number("startedAt") is { } started && run.Number("finishedAt") is { } finished ? " in " + Duration.Text(TimeSpan.FromMilliseconds(finished - started)) : "");

    protected static string? Error(JsonElement run) => run.TryGetProperty("error", out var error) && error.Text("message") is { } why ? Printable.Text(why) : null;

    protected static string Subject(JsonElement permission) => Printable.Line(permission.GetProperty("toolCall").Text("title") ?? "go on");

    /// <summary>The agent's words for what was answered, and by whom; null where nobody has.</summary>
    protected static string? Answer(JsonElement permission) => Answers.Chosen(permission) is { } chosen ? Printable.Line(chosen + Answers.By(permission)) : null;

    private void EndRuns(Func<long, bool> isBefore)
    {
        foreach (var run in _runs.Where(run => isBefore(run.Number("finishedAt") ?? long.MaxValue)).ToList())
        {
            _runs.Remove(run);
            Screen.WriteLine();
            Run(run);
        }
    }

    /// <summary>What of a message is no text.</summary>
    protected static IEnumerable<JsonElement> Attached(JsonElement message) => message.Items("content").Where(block => block.Text("type") != "text");
}
