using System.Text.Json;

namespace Tinyvex.Cli.Terminal;

/// <summary>A whole conversation for a reader at a terminal.</summary>
internal sealed class ConversationPrinter(TimeProvider time)
{
    public void Begin(JsonElement thread)
    {
        Console.WriteLine(Paint.Bold(ThreadRows.Title(thread)));
        var parts = new[] { thread.Text("id"), thread.Text("source"), $"{thread.Number("messageCount")} messages", Moment.Date(thread.Number("createdAt")!.Value, time) };
        Console.WriteLine(Paint.Dim(Printable.Line(string.Join(" · ", parts.Where(part => part is not null)))));
    }

    public void Entry(JsonElement entry)
    {
        var row = entry.GetProperty("row");
        Console.WriteLine();
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

    public static void End(IReadOnlyList<JsonElement> plan, IReadOnlyList<JsonElement> pending)
    {
        if (plan.Count > 0) Console.WriteLine();
        foreach (var entry in plan)
        {
            var text = Printable.Line(entry.Text("content") ?? "");
            Console.WriteLine(entry.Text("status") switch
            {
                "completed" => Paint.Green("  ☑ ") + Paint.Dim(text),
                "in_progress" => Paint.Cyan("  ▸ ") + text,
                _ => "  ☐ " + text,
            });
        }

        foreach (var permission in pending)
        {
            Console.WriteLine();
            Console.WriteLine(Paint.Yellow($"? The agent asks to: {Printable.Line(permission.GetProperty("toolCall").Text("title") ?? "go on")}"));
        }
    }

    private static void Message(JsonElement row)
    {
        var text = Printable.Text(row.Text("text") ?? "");
        var blocks = string.Concat(row.List("content").Where(block => block.Text("type") != "text").Select(block => $" [{Printable.Line(block.Text("type") ?? "")}]"));
        var whole = (text + blocks).Trim('\n');
        if (row.Text("kind") == "reason") Lines(whole, Paint.Dim, "");
        else if (row.Text("role") == "user") Lines(whole, Paint.Bold, "> ");
        else Lines(whole, text => text, "");
        if (row.Is("partial")) Console.WriteLine(Paint.Dim("…"));
    }

    private static void ToolCall(JsonElement row)
    {
        var status = row.Text("status") ?? "pending";
        var mark = status switch { "completed" => Paint.Green("✓"), "failed" => Paint.Red("✗"), _ => Paint.Cyan("•") };
        var title = Printable.Line(row.Text("title") ?? row.Text("toolCallId")!);
        Console.WriteLine($"{mark} {title} {Paint.Dim($"({Printable.Line(row.Text("kind") ?? "tool")}, {Printable.Line(status)})")}");
        foreach (var part in row.List("content"))
        {
            switch (part.Text("type"))
            {
                case "diff":
                    Console.WriteLine(Paint.Dim("  " + Printable.Line(part.Text("path") ?? "")));
                    foreach (var (sign, text) in DiffLines.Of(part))
                    {
                        var line = $"  {sign} {Printable.Line(text)}";
                        Console.WriteLine(sign switch { '-' => Paint.Red(line), '+' => Paint.Green(line), _ => Paint.Dim(line) });
                    }

                    break;
                case "content" when part.TryGetProperty("content", out var block):
                    Lines(Printable.Text(block.Text("text") ?? $"[{block.Text("type")}]").Trim('\n'), Paint.Dim, "  ");
                    break;
                default:
                    Console.WriteLine(Paint.Dim($"  [{Printable.Line(part.Text("type") ?? "")}]"));
                    break;
            }
        }
    }

    private void Run(JsonElement row)
    {
        var status = row.Text("status")!;
        var taken = row.Number("startedAt") is { } started && row.Number("finishedAt") is { } finished ? " in " + Moment.Span(finished - started) : "";
        var line = $"── {Printable.Line(row.Text("agent")!)}: {status}{taken} · {Moment.Date(row.Number("createdAt")!.Value, time)}";
        Console.WriteLine(status switch { "completed" => Paint.Green(line), "failed" => Paint.Red(line), "cancelled" => Paint.Yellow(line), _ => Paint.Cyan(line) });
        if (row.TryGetProperty("error", out var error) && error.Text("message") is { } why) Lines(Printable.Text(why), Paint.Red, "   ");
    }

    private static void Lines(string text, Func<string, string> paint, string indent)
    {
        var room = Screen.Width is { } width ? Math.Max(width - indent.Length, 1) : int.MaxValue;
        foreach (var line in text.Split('\n').SelectMany(line => TextWidth.Wrap(line, room))) Console.WriteLine(paint((indent + line).TrimEnd(' ')));
    }
}
