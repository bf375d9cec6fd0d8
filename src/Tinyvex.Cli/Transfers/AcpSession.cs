namespace Tinyvex.Cli.Transfers;

/// <summary>A session of a recording, and the thread that it becomes.</summary>
internal sealed class AcpSession(ThreadImport thread)
{
    public ThreadImport Thread { get; } = thread;

    /// <summary>Prompts so far.</summary>
    public int Prompts { get; set; }

    /// <summary>Whether anything was said: what is taken up again is repeated by the agent, and there already.</summary>
    public bool HasEntries { get; set; }
}
