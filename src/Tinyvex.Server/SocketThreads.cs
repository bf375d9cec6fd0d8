namespace Tinyvex;

/// <summary>
/// Has what waits for a socket go on on the thread that learns of it, and not on another one that has to be woken first: half the
/// processor time of a small update, and a fifth more deliveries (ARCHITECTURE.md, "Measured").
/// </summary>
/// <remarks>
/// So nothing behind a read or a write of a socket may take more than some hundred microseconds: reads of the store and requests of
/// many bytes go to the thread pool. What may block there is the commit of a lone update, on a disk without which nobody gets
/// anything new. The framework takes this from the environment alone, at the first socket.
/// </remarks>
public static class SocketThreads
{
    /// <summary>The framework's switch. Not passed on to agents, which have not asked for it.</summary>
    internal const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Must come before the process has a socket.</summary>
    public static void GoOnWhereTheyAre() => Environment.SetEnvironmentVariable(Variable, "1");

    /// <summary>Before work that takes its time: goes on on the thread pool, where it is not there already.</summary>
    internal static async ValueTask LeaveAsync()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
    }
}
