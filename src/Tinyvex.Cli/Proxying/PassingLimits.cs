namespace Tinyvex.Cli.Proxying;

/// <summary>What is kept of what passes.</summary>
internal static class PassingLimits
{
    /// <summary>A longer line passes and is not stored: the server takes frames of 16 MiB, and something stands around the line in one.</summary>
    public const int MaxLineBytes = 16 * 1024 * 1024 - 64 * 1024;

    /// <summary>Bytes that wait for the server. Beyond it the recording has a hole, which is marked: an editor is not kept waiting for a store.</summary>
    public const int MaxWaitingBytes = 32 * 1024 * 1024;

    /// <summary>Requests of each side that are followed until they are answered; editors and agents have a handful.</summary>
    public const int MaxRequests = 10_000;
}
