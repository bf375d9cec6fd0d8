using Tinyvex.Rows;

namespace Tinyvex.Queries;

internal static class RequestTables
{
    public static RequestTable<PermissionRow> Permissions { get; } = new()
    {
        Name = "permissions.list",
        Statuses = [PermissionRow.Pending, PermissionRow.Answered, PermissionRow.Cancelled],
        OfStatus = PermissionRow.ListOfStatus,
        OfStatusInThread = PermissionRow.ListOfStatusInThread,
        Done = PermissionRow.ListDone,
        DoneInThread = PermissionRow.ListDoneInThread,
        Read = PermissionRow.Read,
        Write = static (row, json) => row.Write(json),
        Key = static row => (row.CreatedAt, row.RequestId),
    };

    public static RequestTable<ElicitationRow> Elicitations { get; } = new()
    {
        Name = "elicitations.list",
        Statuses = [ElicitationRow.Pending, ElicitationRow.Answered, ElicitationRow.Cancelled, ElicitationRow.Completed],
        OfStatus = ElicitationRow.ListOfStatus,
        OfStatusInThread = ElicitationRow.ListOfStatusInThread,
        Done = ElicitationRow.ListDone,
        DoneInThread = ElicitationRow.ListDoneInThread,
        Read = ElicitationRow.Read,
        Write = static (row, json) => row.Write(json),
        Key = static row => (row.CreatedAt, row.RequestId),
    };
}
