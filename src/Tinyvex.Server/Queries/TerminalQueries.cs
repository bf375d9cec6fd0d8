using System.Text.Json;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>Queries over the terminals of a thread.</summary>
internal static class TerminalQueries
{
    private const string List = "terminals.list";

    /// <summary>Newest first, each with the end of its output.</summary>
    public static void WriteList(StoreConnection store, Utf8JsonWriter json, string threadId, int limit, string? page)
    {
        var before = page is null ? long.MaxValue : PageToken.Decode(List, page).First;
        var rows = store.Get(TerminalRow.ListBefore).Bind(1, threadId).Bind(2, before).Bind(3, limit + 1);
        using var result = new RowPage();
        var next = result.Fill(rows, limit, rows =>
        {
            var row = TerminalRow.Read(rows);
            result.Add(row.WithOutput(store), static (row, json) => row.Write(json));
            return new PageToken(row.Ord);
        });
        result.Write(json, List, next);
    }

    /// <summary>One terminal with all that is kept of its output.</summary>
    public static void Get(StoreConnection store, Utf8JsonWriter json, string threadId, string terminalId)
    {
        var terminal = store.Get(TerminalRow.Get).Bind(1, threadId).Bind(2, terminalId).One(TerminalRow.Read)
            ?? throw TinyvexException.NotFound($"terminal '{terminalId}' of thread '{threadId}'");
        json.WriteStartArray("rows"u8);
        terminal.WithOutput(store, whole: true).Write(json);
        json.WriteEndArray();
    }
}
