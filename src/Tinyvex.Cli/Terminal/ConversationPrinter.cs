using System.Text.Json;

namespace Tinyvex.Cli.Terminal;

/// <summary>A whole conversation for a reader at a terminal.</summary>
internal sealed class ConversationPrinter(Screen screen, string? directory, TimeProvider time)
{
    private readonly MessagePrinter _message = new(screen);
    private readonly ToolCallPrinter _tools = new(screen, directory);

    public void Begin(JsonElement thread)
    {
        screen.WriteLine(screen.Bold(ThreadRows.Title(thread)));
        var parts = new[] { thread.Text("id"), thread.Text("source"), $"{thread.Number("messageCount")} messages", Moment.Date(thread.Number("createdAt")!.Value, time) };
        screen.WriteLine(screen.Dim(Printable.Line(string.Join(" · ", parts.Where(part => part is not null)))));
    }

    public void Entry(JsonElement entry)
    {
        var row = entry.GetProperty("row");
        screen.WriteLine();
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
        }
    }

    public void End(JsonElement? plan, IReadOnlyList<JsonElement> pending)
    {
        if (plan is { ValueKind: JsonValueKind.Array } entries && entries.GetArrayLength() > 0)
        {
            screen.WriteLine();
            new PlanPrinter(screen).Print(entries);
        }

        foreach (var permission in pending)
        {
            screen.WriteLine();
            screen.WriteLine(screen.Yellow($"? The agent asks to: {Printable.Line(permission.GetProperty("toolCall").Text("title") ?? "go on")}"));
        }
    }

    private void Message(JsonElement row)
    {
        _message.Begin(row.Text("role"));
        _message.Append(row.Text("text") ?? "");
        foreach (var block in row.Items("content").Where(block => block.Text("type") != "text")) _message.Append($"[{block.Text("type")}]");
        if (row.Is("partial")) _message.Append(" …");
        _message.End();
    }

    private void ToolCall(JsonElement row)
    {
        var call = new ToolCall(row);
        _tools.PrintLine(call);
        _tools.PrintContent(call);
    }

    private void Run(JsonElement row)
    {
        var status = row.Text("status")!;
        var taken = row.Number("startedAt") is { } started && row.Number("finishedAt") is { } finished ? " in " + Duration.Text(TimeSpan.FromMilliseconds(finished - started)) : "";
        var line = $"── {Printable.Line(row.Text("agent")!)}: {status}{taken} · {Moment.Date(row.Number("createdAt")!.Value, time)}";
        screen.WriteLine(status switch { "completed" => screen.Green(line), "failed" => screen.Red(line), "cancelled" => screen.Yellow(line), _ => screen.Cyan(line) });
        if (row.TryGetProperty("error", out var error) && error.Text("message") is { } why) Lines(Printable.Text(why), screen.Red, "   ");
    }

    private void Lines(string text, Func<string, string> paint, string indent)
    {
        var room = screen.Width is { } width ? Math.Max(width - indent.Length, 1) : int.MaxValue;
        foreach (var line in text.Split('\n').SelectMany(line => TextWidth.Wrap(line, room))) screen.WriteLine(paint((indent + line).TrimEnd(' ')));
    }
}
