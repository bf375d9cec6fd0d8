namespace Tinyvex.Writing;

/// <summary>What became of a command. Either <see cref="Error"/>, or it is committed and published.</summary>
internal record WriteOutcome
{
    public TinyvexException? Error { get; init; }

    /// <summary>Whether no other write was committed with this one, or waits: who is told of it may take the thread for a moment.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Where the write stands in the log.</summary>
    public long Position { get; set; }

    public string? ThreadId { get; init; }

    /// <summary>The run submitted, or the running one that a cancel or a delete is about.</summary>
    public string? RunId { get; init; }

    public string? Agent { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Whether the thread was made by this.</summary>
    public bool IsNew { get; init; }

    /// <summary>Permission requests this write ended, with their outcome as ACP, for those who wait for them.</summary>
    public IReadOnlyList<(string RequestId, ReadOnlyMemory<byte> Outcome)> Permissions { get; init; } = [];

    /// <summary>Elicitations this write ended, with what the agent is answered.</summary>
    public IReadOnlyList<(string RequestId, ReadOnlyMemory<byte> Outcome)> Elicitations { get; init; } = [];

    /// <summary>Unix milliseconds; like the position, filled in by the writer once the command is applied.</summary>
    public long Timestamp { get; set; }

    /// <summary>The first answer to a repeated idempotency key; nothing was changed.</summary>
    public byte[]? FirstReply { get; init; }
}
