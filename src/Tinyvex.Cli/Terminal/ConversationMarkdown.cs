using System.Text;
using System.Text.Json;

namespace Tinyvex.Cli.Terminal;

/// <summary>A whole conversation as a Markdown document that is worth keeping.</summary>
internal sealed class ConversationMarkdown(TextWriter output, TimeProvider time)
{
    private const string Special = "\\`*_[]<>#|";

    public void Begin(JsonElement thread)
    {
        output.WriteLine($"# {Escape(ThreadRows.Title(thread))}");
        output.WriteLine();
        output.WriteLine($"- Thread: {Code(thread.Text("id")!)}");
        if (thread.Text("source") is { } source) output.WriteLine($"- Agent: {Escape(source)}");
        if (thread.Text("workingDirectory") is { } directory) output.WriteLine($"- Directory: {Code(directory)}");
        output.WriteLine($"- Begun: {Moment.Date(thread.Number("createdAt")!.Value, time)}");
    }

    public void Entry(JsonElement entry)
    {
        var row = entry.GetProperty("row");
        output.WriteLine();
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

    public void End(IReadOnlyList<JsonElement> plan, IReadOnlyList<JsonElement> pending)
    {
        if (plan.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("## Plan");
            output.WriteLine();
            foreach (var entry in plan) output.WriteLine($"- [{(entry.Text("status") == "completed" ? 'x' : ' ')}] {Escape(entry.Text("content") ?? "")}");
        }

        foreach (var permission in pending)
        {
            output.WriteLine();
            output.WriteLine($"**Waits for permission:** {Escape(permission.GetProperty("toolCall").Text("title") ?? "to go on")}");
        }
    }

    private void Message(JsonElement row)
    {
        var isThought = row.Text("kind") == "reason";
        var isUser = row.Text("role") == "user";
        output.WriteLine(isThought ? "### Thought" : isUser ? "## User" : "## Agent");
        output.WriteLine();
        var text = Closed(Printable.Text(row.Text("text") ?? "").Trim('\n'));
        // What an agent writes is Markdown of its own. What others say is quoted, so that it is not taken for a part of the document.
        if (isThought || isUser) Quote(text);
        else output.WriteLine(text);
        foreach (var block in row.Items("content").Where(block => block.Text("type") != "text"))
        {
            output.WriteLine();
            output.WriteLine($"*({Escape(block.Text("type") ?? "")}{(block.Text("mimeType") is { } type ? ", " + Escape(type) : "")})*");
        }
    }

    private void ToolCall(JsonElement row)
    {
        output.WriteLine($"### Tool: {Escape(row.Text("title") ?? row.Text("toolCallId")!)}");
        output.WriteLine();
        output.WriteLine($"*{Escape(row.Text("kind") ?? "tool")}, {Escape(row.Text("status") ?? "pending")}*");
        foreach (var part in row.Items("content"))
        {
            output.WriteLine();
            switch (part.Text("type"))
            {
                case "diff":
                    var path = Printable.Line(part.Text("path") ?? "");
                    Fence("diff", $"--- {path}\n+++ {path}\n" + string.Join('\n', DiffPrinter.Hunks(DiffPrinter.LinesOf(part)).Select(line => line.Sign + Printable.Line(line.Text))));
                    break;
                case "content" when part.TryGetProperty("content", out var block):
                    if (block.Text("text") is { } text) Fence("", Printable.Text(text).Trim('\n'));
                    else output.WriteLine($"*({Escape(block.Text("type") ?? "")})*");
                    break;
                default:
                    output.WriteLine($"*({Escape(part.Text("type") ?? "")})*");
                    break;
            }
        }
    }

    private void Run(JsonElement row)
    {
        var taken = row.Number("startedAt") is { } started && row.Number("finishedAt") is { } finished ? " in " + Duration.Text(TimeSpan.FromMilliseconds(finished - started)) : "";
        output.WriteLine($"---");
        output.WriteLine();
        output.WriteLine($"*Run of {Escape(row.Text("agent")!)}, {Moment.Date(row.Number("createdAt")!.Value, time)}: {row.Text("status")}{taken}*");
        if (!row.TryGetProperty("error", out var error) || error.Text("message") is not { } why) return;
        output.WriteLine();
        Fence("", Printable.Text(why));
    }

    private void Quote(string text)
    {
        foreach (var line in text.Split('\n')) output.WriteLine(("> " + line).TrimEnd(' '));
    }

    private void Fence(string language, string text)
    {
        var fence = new string('`', Math.Max(3, LongestRun(text) + 1));
        output.WriteLine(fence + language);
        output.WriteLine(text);
        output.WriteLine(fence);
    }

    /// <summary>Text whose last code block was left open would take in the rest of the document.</summary>
    private static string Closed(string text)
    {
        string? open = null;
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.TrimStart(' ', '>');
            var mark = trimmed.StartsWith("```", StringComparison.Ordinal) ? '`' : trimmed.StartsWith("~~~", StringComparison.Ordinal) ? '~' : default;
            if (mark == default) continue;
            var length = trimmed.TakeWhile(c => c == mark).Count();
            if (open is null) open = trimmed[..length];
            else if (open[0] == mark && length >= open.Length && trimmed[length..].Trim().Length == 0) open = null;
        }

        return open is null ? text : text + "\n" + open;
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private static string Code(string text)
    {
        var line = Printable.Line(text);
        var fence = new string('`', LongestRun(line) + 1);
        return line.Contains('`', StringComparison.Ordinal) ? $"{fence} {line} {fence}" : fence + line + fence;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in Printable.Line(text))
        {
            if (Special.Contains(c, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
