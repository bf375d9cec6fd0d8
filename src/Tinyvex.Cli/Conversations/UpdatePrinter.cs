using System.Text.Json;
using Tinyvex.Cli.Terminal;
using Tinyvex.Protocol;

namespace Tinyvex.Cli.Conversations;

/// <summary>A frame as a line: time, thread, stream, and what it says; or as it came.</summary>
internal sealed class UpdatePrinter(Screen screen, bool json)
{
    /// <summary>Broadcast mode repeats a hundred updates when a client comes; twice that are remembered, so that none is shown again.</summary>
    private const int Remembered = 200;

    private const int Narrow = 60;

    private readonly HashSet<long> _seen = [];
    private readonly Queue<long> _order = new();
    private long? _lastAt;

    public void Print(JsonElement frame)
    {
        if (WasSeen(frame.Text("cursor"))) return;
        if (json) JsonLines.Print(frame);
        else screen.WriteLine(Line(frame, screen.Width));
    }

    /// <summary>The line, cut to the width of a terminal.</summary>
    public string Line(JsonElement frame, int? width)
    {
        var row = frame.TryGetProperty("row", out var some) ? some : frame;
        var at = frame.Number("ts") ?? row.Number("updatedAt") ?? row.Number("finishedAt") ?? row.Number("answeredAt") ?? row.Number("startedAt") ?? row.Number("createdAt")
            // The end of a message has no time of its own; it comes with what is next.
            ?? _lastAt ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _lastAt = at;
        var thread = frame.Text("threadId") ?? row.Text("threadId") ?? row.Text("id") ?? "";
        var stream = frame.Text("stream") ?? frame.Text("type") ?? "";
        // The beginning of an id is its time, so threads of one minute share it: the end tells them apart.
        var name = Printable.Line(thread.Length > 8 ? "…" + thread[^7..] : thread).PadRight(8);
        var clock = Moment.Clock(at, TimeProvider.System);
        // What is said tells the stream as well, where there is no room for both.
        var streamCell = width < Narrow ? "" : Printable.Line(stream).PadRight(11) + "  ";
        var what = Printable.Line(What(frame, row, stream));
        if (width is { } columns) what = TextWidth.Cut(what, Math.Max(columns - clock.Length - TextWidth.Of(name) - streamCell.Length - 4, 8));
        return $"{screen.Dim(clock)}  {screen.Cyan(name)}  {screen.Dim(streamCell)}{Coloured(frame, row, what)}";
    }

    private static string What(JsonElement frame, JsonElement row, string stream) => (frame.Text("type"), stream) switch
    {
        ("tinyvex.snapshot", _) => $"as it is now: {Plural.Of(frame.Items("messages").Count(), "message")}, {Plural.Of(frame.Items("toolCalls").Count(), "tool call")}, {Plural.Of(frame.Items("runs").Count(), "run")}",
        ("tinyvex.finalize", _) => $"{Who(frame)} message is final, {frame.Number("textLen")} bytes",
        ("tinyvex.error", _) => frame.Text("message") ?? "",
        (_, "messages") => $"{Who(frame)} {Quoted(frame.Text("append") ?? "")}{string.Concat(frame.Items("content").Select(block => $" [{block.Text("type")}]"))}",
        (_, "tool_calls") => $"{row.Text("title") ?? row.Text("toolCallId")}: {row.Text("status")}",
        (_, "terminals") when frame.Text("append") is { } printed => $"printed {Quoted(printed)}",
        (_, "terminals") => $"$ {TerminalPrinter.CommandOf(row)}: {row.Text("status")}",
        (_, "plan") => $"{row.Items("entries").Count(entry => entry.Text("status") == "completed")} of {row.Items("entries").Count()} done",
        (_, "runs") => $"{row.Text("agent")}: {row.Text("status")}{(row.TryGetProperty("error", out var error) && error.Text("message") is { } why ? ", " + why : "")}",
        (_, "permissions") => $"{(row.TryGetProperty("toolCall", out var call) ? call.Text("title") : null) ?? "permission"}: {row.Text("status")}{Answers.By(row)}{(Answers.Chosen(row) is { } chosen ? ": " + chosen : "")}",
        (_, "elicitations") => $"{(row.TryGetProperty("request", out var request) ? request.Text("message") : null) ?? "question"}: {Answers.Status(row)}{(Answers.FilledIn(row) is { } content ? ": " + content : "")}",
        (_, "threads") when frame.Is("deleted") => "deleted",
        (_, "threads") => $"{row.Text("title") ?? "(untitled)"}, {Plural.Of(row.Number("messageCount")!.Value, "message")}",
        (_, "state") => row.Text("currentModeId") is { } mode ? $"mode {mode}" : "changed",
        _ => frame.GetRawText(),
    };

    private static string Who(JsonElement frame) => frame.Text("kind") == "reason" ? "thought" : frame.Text("role") ?? "text";

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"";

    private string Coloured(JsonElement frame, JsonElement row, string what) => (frame.Text("stream"), row.Text("status")) switch
    {
        ("runs" or "permissions" or "tool_calls", "completed" or "failed" or "cancelled" or "running") or ("permissions" or "elicitations", _) => screen.OfStatus(row.Text("status"), what),
        ("messages", _) => frame.Text("kind") == "reason" || frame.Text("type") == "tinyvex.finalize" ? screen.Dim(what) : what,
        _ => what,
    };

    /// <summary>By its place in the log alone: the rest of a cursor changes when the server starts anew.</summary>
    private bool WasSeen(string? text)
    {
        if (text is null || !Cursor.TryParse(text, out var cursor)) return false;
        if (!_seen.Add(cursor.Position)) return true;
        _order.Enqueue(cursor.Position);
        if (_order.Count > Remembered) _seen.Remove(_order.Dequeue());
        return false;
    }
}
