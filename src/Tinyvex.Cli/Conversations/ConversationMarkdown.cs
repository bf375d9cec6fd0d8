using System.Text;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>A whole conversation as a Markdown document that is worth keeping.</summary>
internal sealed class ConversationMarkdown(Screen screen, TimeProvider time) : ConversationWriter(screen)
{
    private const string Special = "\\`*_[]<>#|";

    public override void Begin(JsonElement thread)
    {
        Screen.WriteLine($"# {Escape(ThreadRows.Title(thread))}");
        Screen.WriteLine();
        Screen.WriteLine($"- Thread: {Code(thread.Text("id")!)}");
        if (thread.Text("source") is { } source) Screen.WriteLine($"- Agent: {Escape(source)}");
        if (thread.Text("workingDirectory") is { } directory) Screen.WriteLine($"- Directory: {Code(directory)}");
        Screen.WriteLine($"- Begun: {Moment.Date(thread.Number("createdAt")!.Value, time)}");
    }

    protected override void Plan(JsonElement entries)
    {
        Screen.WriteLine();
        Screen.WriteLine("## Plan");
        Screen.WriteLine();
        foreach (var entry in entries.EnumerateArray()) Screen.WriteLine($"- [{(entry.Text("status") == "completed" ? 'x' : ' ')}] {Escape(entry.Text("content") ?? "")}");
    }

    protected override void Permission(JsonElement row)
    {
        if (row.Text("status") == "pending") Screen.WriteLine($"**Waits for permission:** {Escape(Subject(row))}");
        else Screen.WriteLine($"**Asked for permission:** {Escape(Subject(row))}. *{(Answer(row) is { } answer ? Escape(answer) : "Not answered")}*");
    }

    protected override void Elicitation(JsonElement row)
    {
        Screen.WriteLine($"**Asked:** {Escape(row.GetProperty("request").Text("message") ?? "")} *{Escape(Answers.Status(row))}*");
        if (Answers.FilledIn(row) is not { } content) return;
        Screen.WriteLine();
        Fence("json", Printable.Text(content));
    }

    protected override void Message(JsonElement row)
    {
        var isThought = row.Text("kind") == "reason";
        var isUser = row.Text("role") == "user";
        Screen.WriteLine(isThought ? "### Thought" : isUser ? "## User" : "## Agent");
        Screen.WriteLine();
        var text = Closed(Printable.Text(row.Text("text") ?? "").Trim('\n'));
        // What an agent writes is Markdown of its own. What others say is quoted, so that it is not taken for a part of the document.
        if (isThought || isUser) Quote(text);
        else Screen.WriteLine(text);
        foreach (var block in Attached(row))
        {
            Screen.WriteLine();
            Screen.WriteLine($"*({Escape(block.Text("type") ?? "")}{(block.Text("mimeType") is { } type ? ", " + Escape(type) : "")})*");
        }
    }

    protected override void ToolCall(JsonElement row)
    {
        Screen.WriteLine($"### Tool: {Escape(row.Text("title") ?? row.Text("toolCallId")!)}");
        Screen.WriteLine();
        Screen.WriteLine($"*{Escape(row.Text("kind") ?? "tool")}, {Escape(row.Text("status") ?? "pending")}*");
        foreach (var part in row.Items("content"))
        {
            Screen.WriteLine();
            switch (part.Text("type"))
            {
                case "diff":
                    var path = Printable.Line(part.Text("path") ?? "");
                    Fence("diff", $"--- {path}\n+++ {path}\n" + string.Join('\n', DiffPrinter.Hunks(DiffPrinter.LinesOf(part)).Select(line => line.Sign + Printable.Line(line.Text))));
                    break;
                case "content" when part.TryGetProperty("content", out var block):
                    if (block.Text("text") is { } text) Fence("", Printable.Text(text).Trim('\n'));
                    else Screen.WriteLine($"*({Escape(block.Text("type") ?? "")})*");
                    break;
                default:
                    Screen.WriteLine($"*({Escape(part.Text("type") ?? "")})*");
                    break;
            }
        }
    }

    protected override void Terminal(JsonElement row)
    {
        Screen.WriteLine($"### Terminal: {Code(TerminalPrinter.CommandOf(row))}");
        Screen.WriteLine();
        if (TerminalPrinter.StateOf(row) is { Length: > 0 } state)
        {
            Screen.WriteLine($"*{Escape(state)}*");
            Screen.WriteLine();
        }

        if (row.Text("output")?.Trim('\n') is { Length: > 0 } output) Fence("", Printable.Text(output.Replace("\r\n", "\n", StringComparison.Ordinal)));
    }

    protected override void Run(JsonElement row)
    {
        Screen.WriteLine("---");
        Screen.WriteLine();
        Screen.WriteLine($"*Run of {Escape(row.Text("agent")!)}, {Moment.Date(row.Number("createdAt")!.Value, time)}: {Came(row)}*");
        if (Error(row) is not { } why) return;
        Screen.WriteLine();
        Fence("", why);
    }

    private void Quote(string text)
    {
        foreach (var line in text.Split('\n')) Screen.WriteLine(("> " + line).TrimEnd(' '));
    }

    private void Fence(string language, string text)
    {
        var fence = new string('`', Math.Max(3, LongestRun(text) + 1));
        Screen.WriteLine(fence + language);
        Screen.WriteLine(text);
        Screen.WriteLine(fence);
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
