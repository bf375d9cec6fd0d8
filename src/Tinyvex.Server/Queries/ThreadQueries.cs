using System.Text.Json;
using Tinyvex.Protocol;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>Queries over all threads.</summary>
internal static class ThreadQueries
{
    public const string ListName = "threads.list";

    public const string ListAll = $"""
        SELECT {ThreadRow.Columns} FROM threads WHERE (updatedAt, id) < (?1, ?2) ORDER BY updatedAt DESC, id DESC LIMIT ?3
        """;

    public const string ListArchived = $"""
        SELECT {ThreadRow.Columns} FROM threads WHERE archived = ?4 AND (updatedAt, id) < (?1, ?2) ORDER BY updatedAt DESC, id DESC LIMIT ?3
        """;

    public static void List(StoreConnection store, Utf8JsonWriter json, JsonElement args)
    {
        var limit = Request.Limit(args);
        bool? archived = args.TryGetProperty("archived"u8, out var value) && value.ValueKind == JsonValueKind.String
            ? Request.OptionalString(args, "archived") == "all" ? null : throw TinyvexException.BadRequest("'archived' must be false, true or \"all\"")
            : Request.OptionalBool(args, "archived") ?? false;
        Write(store, json, limit, archived, Request.OptionalString(args, "page"));
    }

    public static void Write(StoreConnection store, Utf8JsonWriter json, int limit, bool? archived, string? page)
    {
        var from = page is null ? new PageToken(long.MaxValue) : PageToken.Decode(ListName, page);
        var rows = store.Get(archived is null ? ListAll : ListArchived).Bind(1, from.First).Bind(2, from.Text).Bind(3, limit + 1);
        if (archived is { } only) rows.Bind(4, only ? 1 : 0);
        using var result = new RowPage();
        var next = result.Fill(rows, limit, rows =>
        {
            var row = ThreadRow.Read(rows);
            result.Add(row, static (row, json) => row.Write(json));
            return new PageToken(row.UpdatedAt, Text: row.Id);
        });
        result.Write(json, ListName, next);
    }

    /// <summary>The threads that an agent's sessions are of, by the session.</summary>
    public static Dictionary<string, string> ThreadsOfSessions(StoreConnection store, string agent)
    {
        var threads = new Dictionary<string, string>(StringComparer.Ordinal);
        var rows = store.Get("SELECT resumeId, id FROM threads WHERE resumeAgent = ?1 AND resumeId IS NOT NULL").Bind(1, agent);
        while (rows.Step()) threads[rows.Text(0)] = rows.Text(1);
        return threads;
    }

    public static void Get(StoreConnection store, Utf8JsonWriter json, string threadId)
    {
        var row = store.Get(ThreadRow.Get).Bind(1, threadId);
        if (!row.Step()) throw TinyvexException.NotFound($"thread '{threadId}'");
        json.WriteStartArray("rows"u8);
        ThreadRow.Read(row).Write(json, whole: true);
        row.Reset();
        json.WriteEndArray();
    }
}
