using System.Text.Json;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>Queries over what happened in one thread, by its <c>order</c>.</summary>
internal static class TimelineQueries
{
    public const string Messages = "messages.list";
    public const string Runs = "runs.list";
    public const string Timeline = "timeline.list";
    public const string ToolCalls = "tool_calls.list";

    /// <summary>The newest orders of a thread's timeline before one: which rows to read, without reading them.</summary>
    public const string TimelineOrds = $"""
        SELECT ord, 0 AS kind FROM messages WHERE threadId = ?1 AND ord < ?2 AND {ThreadRow.IsThere}
        UNION ALL SELECT ord, 1 FROM acp_tool_calls WHERE threadId = ?1 AND ord < ?2 AND {ThreadRow.IsThere}
        UNION ALL SELECT ord, 2 FROM runs WHERE threadId = ?1 AND ord < ?2
        UNION ALL SELECT ord, 3 FROM terminals WHERE threadId = ?1 AND ord < ?2
        ORDER BY ord DESC LIMIT ?3
        """;

    public const string MessageAt = $"SELECT {MessageRow.Columns} FROM messages WHERE threadId = ?1 AND ord = ?2";

    public const string ToolCallAt = $"SELECT {ToolCallRow.Columns} FROM acp_tool_calls WHERE threadId = ?1 AND ord = ?2";

    public const string RunAt = $"SELECT {RunRow.Columns} FROM runs WHERE threadId = ?1 AND ord = ?2";

    /// <summary>The newest messages before a page, written oldest first.</summary>
    public static void WriteMessages(StoreConnection store, Utf8JsonWriter json, string threadId, int limit, string? page)
    {
        var rows = store.Get(MessageRow.ListBefore).Bind(1, threadId).Bind(2, Before(Messages, page)).Bind(3, limit + 1);
        using var result = new RowPage();
        var next = result.Fill(rows, limit, rows =>
        {
            var row = MessageRow.Read(rows);
            MessageFold.Apply(store, row);
            result.Add(row, static (row, json) => row.Write(json));
            return new PageToken(row.Ord);
        });
        result.Write(json, Messages, next, reversed: true);
    }

    public static void GetMessage(StoreConnection store, Utf8JsonWriter json, string threadId, string itemId)
    {
        var row = store.Get(MessageRow.Get).Bind(1, threadId).Bind(2, itemId).One(MessageRow.Read)
            ?? throw TinyvexException.NotFound($"message '{itemId}' of thread '{threadId}'");
        MessageFold.Apply(store, row);
        json.WriteStartArray("rows"u8);
        row.Write(json, whole: true);
        json.WriteEndArray();
    }

    public static void WriteToolCalls(StoreConnection store, Utf8JsonWriter json, string threadId, int limit, string? page)
    {
        var from = page is null ? new PageToken(long.MaxValue, long.MaxValue) : PageToken.Decode(ToolCalls, page);
        var rows = store.Get(ToolCallRow.ListBefore).Bind(1, threadId).Bind(2, from.First).Bind(3, from.Second).Bind(4, limit + 1);
        using var result = new RowPage();
        var next = result.Fill(rows, limit, rows =>
        {
            var row = ToolCallRow.Read(rows);
            result.Add(row, static (row, json) => row.Write(json));
            return new PageToken(row.UpdatedAt, row.Ord);
        });
        result.Write(json, ToolCalls, next);
    }

    public static void GetToolCall(StoreConnection store, Utf8JsonWriter json, string threadId, string toolCallId)
    {
        var row = store.Get(ToolCallRow.Get).Bind(1, threadId).Bind(2, toolCallId).One(ToolCallRow.Read)
            ?? throw TinyvexException.NotFound($"tool call '{toolCallId}' of thread '{threadId}'");
        json.WriteStartArray("rows"u8);
        row.Write(json, whole: true);
        json.WriteEndArray();
    }

    /// <summary>Messages, tool calls, runs and terminals as they happened, the newest before a page, written oldest first.</summary>
    public static void WriteTimeline(StoreConnection store, Utf8JsonWriter json, string threadId, int limit, string? page, bool whole = false)
    {
        using var result = new RowPage();
        var next = ReadTimeline(store, threadId, limit, page, () => result.IsFull, row => AddEntry(result, row, whole), whole);
        result.Write(json, Timeline, next, reversed: true);
    }

    private static void AddEntry(RowPage result, object row, bool whole) => result.Add(row, (row, json) =>
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, row switch { MessageRow => "message"u8, ToolCallRow => "tool_call"u8, RunRow => "run"u8, _ => "terminal"u8 });
        json.WritePropertyName("row"u8);
        WriteRow(row, json, whole);
        json.WriteEndObject();
    });

    private static void WriteRow(object row, Utf8JsonWriter json) => WriteRow(row, json, whole: false);

    private static void WriteRow(object row, Utf8JsonWriter json, bool whole)
    {
        switch (row)
        {
            case MessageRow message: message.Write(json, whole); break;
            case ToolCallRow toolCall: toolCall.Write(json, whole); break;
            case RunRow run: run.Write(json, whole); break;
            case TerminalRow terminal: terminal.Write(json); break;
        }
    }

    /// <summary>The newest part of a thread's timeline in four lists, each oldest first: what a <c>thread</c> snapshot shows.</summary>
    public static void WriteTimelineParts(StoreConnection store, Utf8JsonWriter json, string threadId, int limit)
    {
        using var messages = new RowPage();
        using var toolCalls = new RowPage();
        using var runs = new RowPage();
        using var terminals = new RowPage();
        var oldest = long.MaxValue;
        var next = ReadTimeline(store, threadId, limit, page: null, () => messages.Bytes + toolCalls.Bytes + runs.Bytes + terminals.Bytes >= RowPage.MaxBytes, row =>
        {
            (row switch { MessageRow => messages, ToolCallRow => toolCalls, RunRow => runs, _ => terminals }).Add(row, WriteRow);
            oldest = row switch { MessageRow message => message.Ord, ToolCallRow call => call.Ord, RunRow run => run.Ord, _ => ((TerminalRow)row).Ord };
        });
        // A terminal that runs may print at any time, however old it is.
        var running = store.Get(TerminalRow.RunningBefore).Bind(1, threadId).Bind(2, oldest);
        var older = new Stack<TerminalRow>();
        while (running.Step()) older.Push(TerminalRow.Read(running));
        foreach (var row in older) terminals.Add(row.WithOutput(store), static (row, json) => row.Write(json));
        json.WritePropertyName("messages"u8);
        messages.Write(json, reversed: true);
        json.WritePropertyName("toolCalls"u8);
        toolCalls.Write(json, reversed: true);
        json.WritePropertyName("runs"u8);
        runs.Write(json, reversed: true);
        json.WritePropertyName("terminals"u8);
        terminals.Write(json, reversed: true);
        json.WritePropertyName("permissions"u8);
        json.WriteStartArray();
        var rows = store.Get(PermissionRow.ListFromOrd).Bind(1, threadId).Bind(2, oldest);
        while (rows.Step()) PermissionRow.Read(rows).Write(json);
        json.WriteEndArray();
        json.WriteStartArray("elicitations"u8);
        rows = store.Get(ElicitationRow.ListFromOrd).Bind(1, threadId).Bind(2, oldest);
        while (rows.Step()) ElicitationRow.Read(rows).Write(json);
        json.WriteEndArray();
        json.WriteString("nextPage"u8, next?.Encode(Timeline));
    }

    private static PageToken? ReadTimeline(
        StoreConnection store, string threadId, int limit, string? page, Func<bool> isFull, Action<object> add, bool whole = false)
    {
        var places = new List<(long Ord, int Kind)>();
        var rows = store.Get(TimelineOrds).Bind(1, threadId).Bind(2, Before(Timeline, page)).Bind(3, limit + 1);
        while (rows.Step()) places.Add((rows.Int64(0), rows.Int32(1)));
        for (var i = 0; i < places.Count; i++)
        {
            var (ord, kind) = places[i];
            if (i == limit || isFull()) return new PageToken(places[i - 1].Ord);
            var row = store.Get(kind switch { 0 => MessageAt, 1 => ToolCallAt, 2 => RunAt, _ => TerminalRow.At }).Bind(1, threadId).Bind(2, ord);
            row.Step();
            object read = kind switch { 0 => MessageRow.Read(row), 1 => ToolCallRow.Read(row), 2 => RunRow.Read(row), _ => TerminalRow.Read(row) };
            row.Reset();
            if (read is MessageRow message) MessageFold.Apply(store, message);
            add(read is TerminalRow terminal ? terminal.WithOutput(store, whole) : read);
        }

        return null;
    }

    /// <summary>The newest runs of a thread, or of all, newest first.</summary>
    public static void WriteRuns(StoreConnection store, Utf8JsonWriter json, string? threadId, int limit, string? page)
    {
        using var result = new RowPage();
        var next = result.Fill(Rows(), limit, rows =>
        {
            var row = RunRow.Read(rows);
            result.Add(row, static (row, json) => row.Write(json));
            return threadId is null ? new PageToken(row.CreatedAt, Text: row.RunId) : new PageToken(row.Ord);
        });
        result.Write(json, Runs, next);

        Statement Rows()
        {
            if (threadId is not null) return store.Get(RunRow.ListBefore).Bind(1, threadId).Bind(2, Before(Runs, page)).Bind(3, limit + 1);
            var from = page is null ? new PageToken(long.MaxValue) : PageToken.Decode(Runs, page);
            return store.Get(RunRow.ListAllBefore).Bind(1, from.First).Bind(2, from.Text).Bind(3, limit + 1);
        }
    }

    private static long Before(string list, string? page) => page is null ? long.MaxValue : PageToken.Decode(list, page).First;
}
