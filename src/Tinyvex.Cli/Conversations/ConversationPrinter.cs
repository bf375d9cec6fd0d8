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

    public override void End(JsonElement? plan, IReadOnlyList<JsonElement> pending)
    {
        if (plan is { ValueKind: JsonValueKind.Array } entries && entries.GetArrayLength() > 0)
        {
            Screen.WriteLine();
            new PlanPrinter(Screen).Print(entries);
        }

        foreach (var permission in pending)
        {
            Screen.WriteLine();
            Screen.WriteLine($"{Screen.Yellow($"? {Subject(permission)}")} {Screen.Dim("(pending)")}");
        }
    }

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
