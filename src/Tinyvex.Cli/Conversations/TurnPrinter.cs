using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>
/// Prints what happens in a thread: text and thoughts as they come, tool calls with their diffs and output, the plan. What it takes are
/// rows and updates of the protocol, so it prints a thread that is long over just as well.
/// </summary>
/// <param name="screen">Where to.</param>
/// <param name="directory">Where the agent works.</param>
/// <param name="showsUser">Whether the user's own words are printed.</param>
internal sealed class TurnPrinter(Screen screen, string? directory, bool showsUser)
{
    private readonly MessagePrinter _message = new(screen);
    private readonly PlanPrinter _plan = new(screen);
    private readonly ToolCallPrinter _tools = new(screen, directory);
    private readonly TerminalPrinter _terminals = new(screen);
    private readonly TerminalTails _tails = new();
    private readonly Dictionary<string, ToolCall> _calls = new(StringComparer.Ordinal);

    /// <summary>Calls under way whose line is not printed yet: on a terminal the progress line tells of them, and is one line less.</summary>
    private readonly List<ToolCall> _quiet = [];

    private string? _item;
    private string? _block;

    public Screen Screen { get; } = screen;

    public string? Directory { get; } = directory;

    public int ToolCalls => _calls.Count;

    /// <summary>The call that goes on, where one does.</summary>
    public ToolCall? Running => _calls.Values.LastOrDefault(call => !call.HasEnded);

    /// <summary>Whether the cursor stands at the beginning of a line.</summary>
    public bool IsAtLineStart => !_message.IsOpen;

    public string? TitleOf(string? toolCallId) => toolCallId is not null && _calls.TryGetValue(toolCallId, out var call) ? call.Title : null;

    /// <summary>Begins a part of its own, with an empty line before it unless it is the first.</summary>
    public void Begin(string block)
    {
        EndMessage();
        if (_block is not null && !(_block == block && block == "tool")) Screen.WriteLine();
        _block = block;
    }

    public void EndMessage()
    {
        _message.End();
        _item = null;
    }

    /// <summary>A whole message, or a part that goes on where the last one ended.</summary>
    /// <param name="message">A message's row, or an update of one.</param>
    /// <param name="text">Its text, or what is new of it.</param>
    public void PrintMessage(JsonElement message, string text)
    {
        var role = message.Text("role");
        if (role == "user" && !showsUser) return;
        var item = message.Text("itemId");
        if (item != _item && (text.AsSpan().Trim('\n').Length > 0 || message.TryGetProperty("content", out _)))
        {
            PrintQuiet();
            Begin("message");
            _item = item;
            _message.Begin(role);
        }

        if (item == _item) _message.Append(text);
        foreach (var block in message.Items("content"))
        {
            if (block.Text("type") is { } type and not "text") _message.Append($"[{type}]");
        }

        if (message.TryGetProperty("truncated", out _)) _message.Append("\n[cut here; the whole of it is stored]");
    }

    /// <param name="row">A tool call's row, or the part of it that changed.</param>
    public void PrintToolCall(JsonElement row)
    {
        var id = row.Text("toolCallId")!;
        var isNew = !_calls.TryGetValue(id, out var call);
        var hadEnded = call is { HasEnded: true };
        if (call is null) _calls[id] = call = new ToolCall(row);
        else call.Take(row);
        if (call.HasEnded)
        {
            if (!hadEnded)
            {
                _quiet.Remove(call);
                Begin("tool");
                _tools.PrintLine(call);
                _tools.PrintContent(call);
            }

            call.Forget();
        }
        else if (isNew)
        {
            _quiet.Add(call);
            EndMessage();
            if (!Screen.CanErase) PrintQuiet();
        }
    }

    /// <summary>Takes what a terminal has printed; it is shown when that ends.</summary>
    public void TakePrinted(JsonElement update) => _tails.Append(update);

    /// <param name="row">A terminal's row, or the part of it that changed.</param>
    public void PrintTerminal(JsonElement row)
    {
        _tails.Take(row);
        if (row.Text("status") == "running" || _tails.Remove(row) is not { } output) return;
        PrintQuiet();
        Begin("tool");
        _terminals.Print(row, output);
    }

    public void PrintPlan(JsonElement row)
    {
        var entries = row.GetProperty("entries");
        if (entries.ValueKind != JsonValueKind.Array || !_plan.IsNews(entries)) return;
        PrintQuiet();
        Begin("plan");
        _plan.Print(entries);
    }

    /// <summary>The tool call that a permission is asked for, which is then no longer told of as one under way.</summary>
    public ToolCall Subject(JsonElement toolCall)
    {
        var id = toolCall.Text("toolCallId") ?? "";
        if (_calls.TryGetValue(id, out var call)) call.Take(toolCall);
        else _calls[id] = call = new ToolCall(toolCall);
        _quiet.Remove(call);
        return call;
    }

    /// <summary>Ends what is open, so that others may print.</summary>
    public void End()
    {
        EndMessage();
        PrintQuiet();
    }

    private void PrintQuiet()
    {
        foreach (var call in _quiet)
        {
            Begin("tool");
            _tools.PrintLine(call);
        }

        _quiet.Clear();
    }
}
