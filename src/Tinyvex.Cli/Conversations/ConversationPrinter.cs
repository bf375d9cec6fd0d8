using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>A whole conversation for a reader at a terminal.</summary>
internal sealed class ConversationPrinter(Screen screen, string? directory, TimeProvider time) : ConversationWriter(screen)
{
    private readonly MessagePrinter _message = new(screen);
    private readonly ToolCallPrinter _tools = new(screen, directory);
    private readonly TerminalPrinter _terminals = new(screen);

    public override void Begin(JsonElement thread)
    {
        Screen.WriteLine(Screen.Bold(ThreadRows.Title(thread)));
        var parts = new[] { thread.Text("id"), thread.Text("source"), Plural.Of(thread.Number("messageCount")!.Value, "message"), Moment.Date(thread.Number("createdAt")!.Value, time) };
        Screen.WriteLine(Screen.Dim(Printable.Line(string.Join(" · ", parts.Where(part => part is not null)))));
    }

    protected override void Plan(JsonElement entries)
    {
        Screen.WriteLine();
        new PlanPrinter(Screen).Print(entries);
    }

    protected override void Permission(JsonElement row) => Asked(Subject(row), row.Text("status") == "pending" ? "pending" : Answer(row) ?? "not answered");

    protected override void Elicitation(JsonElement row) =>
        Asked(Printable.Line(row.GetProperty("request").Text("message") ?? ""), Printable.Line(Answers.Status(row) + (Answers.FilledIn(row) is { } content ? ": " + content : "")));

    private void Asked(string what, string came) => Screen.WriteLine($"{Screen.Yellow($"? {what}")} {Screen.Dim($"({came})")}");

    protected override void Message(JsonElement row)
    {
        _message.Begin(row.Text("role"));
        _message.Append(row.Text("text") ?? "");
        foreach (var block in Attached(row)) _message.Append($"[{block.Text("type")}]");
        if (row.Is("partial")) _message.Append(" …");
        _message.End();
    }

    protected override void ToolCall(JsonElement row)
    {
        var call = new ToolCall(row);
        _tools.PrintLine(call);
        _tools.PrintContent(call);
    }

    protected override void Terminal(JsonElement row) => _terminals.Print(row, row.Text("output") ?? "");

    protected override void Run(JsonElement row)
    {
        var line = $"── {Printable.Line(row.Text("agent")!)}: {Came(row)} · {Moment.Date(row.Number("createdAt")!.Value, time)}";
        Screen.WriteLine(Screen.OfStatus(row.Text("status"), line));
        if (Error(row) is { } why) Screen.WriteLine(Screen.Red(why));
    }
}
