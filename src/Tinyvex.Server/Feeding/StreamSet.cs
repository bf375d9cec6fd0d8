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

    /// <summary>That a thread is gone, which is told to every subscription that covers it.</summary>
    Deleted = 128,

    Elicitations = 256,
    Terminals = 512,

    Thread = Threads | Messages | ToolCalls | Plan | State | Runs | Permissions | Elicitations | Terminals | Deleted,

    /// <summary>What someone may be waiting for, and so overtakes what is large.</summary>
    Urgent = Runs | Permissions | Elicitations,

    /// <summary>What is of few events among many, and can be read without the rest.</summary>
    Sparse = Threads | Runs | Permissions | Elicitations | Deleted,
}
