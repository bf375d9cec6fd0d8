namespace Tinyvex.Feeding;

/// <summary>Streams of updates; a subscription names one of them, and <c>thread</c> means all of a thread's.</summary>
[Flags]
internal enum StreamSet
{
    None = 0,
    Threads = 1,
    Messages = 2,
    ToolCalls = 4,
    Plan = 8,
    State = 16,
    Runs = 32,
    Permissions = 64,
    Thread = Threads | Messages | ToolCalls | Plan | State | Runs | Permissions,
}
