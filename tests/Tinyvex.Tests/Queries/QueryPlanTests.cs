using Tinyvex.Queries;
using Tinyvex.Rows;
using Tinyvex.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Queries;

/// <summary>Every list begins at its key in an index and reads in the order of that index: so any page of it costs the same.</summary>
public class QueryPlanTests
{
    private static readonly (string Name, string Sql)[] Lists =
    [
        ("threads.list", ThreadQueries.ListArchived), ("threads.list of all", ThreadQueries.ListAll), ("messages.list", MessageRow.ListBefore),
        ("tool_calls.list", ToolCallRow.ListBefore), ("timeline.list", TimelineQueries.TimelineOrds), ("timeline's message", TimelineQueries.MessageAt),
        ("timeline's tool call", TimelineQueries.ToolCallAt), ("timeline's run", TimelineQueries.RunAt), ("runs.list", RunRow.ListBefore),
        ("runs.list of all", RunRow.ListAllBefore), ("permissions.list of a status", PermissionRow.ListOfStatus),
        ("permissions.list of a thread's status", PermissionRow.ListOfStatusInThread), ("permissions.list", PermissionRow.ListDone),
        ("permissions.list of a thread", PermissionRow.ListDoneInThread), ("permissions of a snapshot", PermissionRow.ListFromOrd),
        ("pending permissions", PermissionRow.PendingOfThread), ("elicitations.list of a status", ElicitationRow.ListOfStatus), ("elicitations.list of a thread's status", ElicitationRow.ListOfStatusInThread),
        ("elicitations.list", ElicitationRow.ListDone), ("elicitations.list of a thread", ElicitationRow.ListDoneInThread),
        ("elicitations of a snapshot", ElicitationRow.ListFromOrd), ("pending elicitations", ElicitationRow.PendingOfThread),
        ("answered elicitations", ElicitationRow.AnsweredOfThread), ("events.list", EventLog.Updates), ("a message's chunks", EventLog.ChunksAfter),
        ("messages.get", MessageRow.Get), ("tool_calls.get", ToolCallRow.Get), ("threads.get", ThreadRow.Get), ("search's message", SearchQueries.Message),
    ];

    [Test]
    public async Task Every_list_reads_on_from_its_key_in_an_index()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        using var writer = store.Writer;
        foreach (var (name, sql) in Lists)
        {
            var plan = Plan(writer, sql);
            // A scan is not bounded, and neither is sorting; a partial index of what is open is small, but none of these needs it.
            await Assert.That(plan.Where(step => step.Contains("SCAN", StringComparison.Ordinal) || step.Contains("TEMP B-TREE", StringComparison.Ordinal))).IsEmpty().Because($"{name}: {plan.Lines()}");
            await Assert.That(plan.Any(step => step.StartsWith("SEARCH", StringComparison.Ordinal))).IsTrue().Because($"{name}: {plan.Lines()}");
        }
    }

    [Test]
    [Arguments(PermissionRow.PendingOfThread, "permissions_pending (threadId=?)")]
    [Arguments(PermissionRow.ListFromOrd, "permissions_pending (threadId=? AND ord<?)")]
    [Arguments(PermissionRow.ListDone, "permissions_newest (status=? AND (createdAt,requestId)<(?,?))")]
    [Arguments(ElicitationRow.PendingOfThread, "elicitations_pending (threadId=?)")]
    [Arguments(ElicitationRow.ListDone, "elicitations_newest (status=? AND (createdAt,requestId)<(?,?))")]
    [Arguments(ThreadQueries.ListArchived, "threads_newest (archived=? AND (updatedAt,id)<(?,?))")]
    [Arguments(MessageRow.ListBefore, "messages_ord (threadId=? AND ord<?)")]
    public async Task The_index_is_the_one_that_was_made_for_it(string sql, string index)
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        using var writer = store.Writer;
        await Assert.That(Plan(writer, sql).Lines()).Contains($"INDEX {index}");
    }

    private static List<string> Plan(StoreConnection connection, string sql)
    {
        var steps = new List<string>();
        var rows = connection.Get("EXPLAIN QUERY PLAN " + sql);
        while (rows.Step()) steps.Add(rows.Text(3));
        return steps;
    }
}
