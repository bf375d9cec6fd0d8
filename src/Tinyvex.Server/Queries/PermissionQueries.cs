using System.Text.Json;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>Permission requests of a thread, or of all: those that are pending, then the others, each newest first.</summary>
internal static class PermissionQueries
{
    private const string ListName = "permissions.list";

    /// <summary>The two parts of the list, as numbers in a page's key.</summary>
    private const long PendingPart = 0, DonePart = 1;

    public static void List(StoreConnection store, Utf8JsonWriter json, string? threadId, string? status, int limit, string? page, bool whole = false)
    {
        if (status is not (null or PermissionRow.Pending or PermissionRow.Answered or PermissionRow.Cancelled))
        {
            throw TinyvexException.BadRequest("'status' must be pending, answered or cancelled");
        }

        var from = page is null ? new PageToken(long.MaxValue) : PageToken.Decode(ListName, page);
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
                next = Fill(OfStatus(PermissionRow.Pending, from), PendingPart);
                from = new PageToken(long.MaxValue, DonePart);
            }

            next ??= Fill(Done(from), DonePart);
        }

        result.Write(json, ListName, next);

        PageToken? Fill(Statement rows, long part) => result.Fill(rows, limit, rows =>
        {
            var row = PermissionRow.Read(rows);
            result.Add(row, (row, json) => row.Write(json, whole));
            return new PageToken(row.CreatedAt, part, row.RequestId);
        }, last: from);

        Statement OfStatus(string wanted, PageToken behind)
        {
            var rows = store.Get(threadId is null ? PermissionRow.ListOfStatus : PermissionRow.ListOfStatusInThread)
                .Bind(1, wanted).Bind(2, behind.First).Bind(3, behind.Text).Bind(4, limit + 1);
            return threadId is null ? rows : rows.Bind(5, threadId);
        }

        Statement Done(PageToken behind)
        {
            var rows = store.Get(threadId is null ? PermissionRow.ListDone : PermissionRow.ListDoneInThread)
                .Bind(1, behind.First).Bind(2, behind.Text).Bind(3, limit + 1);
            return threadId is null ? rows : rows.Bind(4, threadId);
        }
    }
}
