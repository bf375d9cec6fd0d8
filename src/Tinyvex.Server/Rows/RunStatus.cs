namespace Tinyvex.Rows;

/// <summary>States of a run: queued → running → completed | cancelled | failed; a queued run may go straight to the last two.</summary>
internal static class RunStatus
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";

    public static bool IsOpen(string status) => status is Queued or Running;
}
