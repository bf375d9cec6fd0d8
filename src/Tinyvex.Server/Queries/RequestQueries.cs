using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>What agents ask in a thread, or in all: what is pending, then the rest, each newest first.</summary>
internal static class RequestQueries
{
    /// <summary>The two parts of the list, as numbers in a page's key.</summary>
    private const long PendingPart = 0, DonePart = 1;

    public static void List<TRow>(
        StoreConnection store, Utf8JsonWriter json, RequestTable<TRow> table, string? threadId, string? status, int limit, string? page)
    {
        if (status is not null && !table.Statuses.Contains(status))
        {
            throw TinyvexException.BadRequest($"'status' must be {string.Join(", ", table.Statuses[..^1])} or {table.Statuses[^1]}");
        }

        var from = page is null ? new PageToken(long.MaxValue) : PageToken.Decode(table.Name, page);
        using var result = new RowPage();
        PageToken? next = null;
        if (status is not null)
        {
            next = Fill(OfStatus(status, from), PendingPart);
        }
        else
        {
            if (from.Second == PendingPart)
            {
                next = Fill(OfStatus(table.Statuses[0], from), PendingPart);
                from = new PageToken(long.MaxValue, DonePart);
            }

            next ??= Fill(Done(from), DonePart);
        }

        result.Write(json, table.Name, next);

        PageToken? Fill(Statement rows, long part) => result.Fill(rows, limit, rows =>
        {
            var row = table.Read(rows);
            result.Add(row, table.Write);
            var (createdAt, requestId) = table.Key(row);
            return new PageToken(createdAt, part, requestId);
        }, last: from);

        Statement OfStatus(string wanted, PageToken behind)
        {
            var rows = store.Get(threadId is null ? table.OfStatus : table.OfStatusInThread)
                .Bind(1, wanted).Bind(2, behind.First).Bind(3, behind.Text).Bind(4, limit + 1);
            return threadId is null ? rows : rows.Bind(5, threadId);
        }

        Statement Done(PageToken behind)
        {
            var rows = store.Get(threadId is null ? table.Done : table.DoneInThread)
                .Bind(1, behind.First).Bind(2, behind.Text).Bind(3, limit + 1);
            return threadId is null ? rows : rows.Bind(4, threadId);
        }
    }
}
