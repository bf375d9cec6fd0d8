namespace Tinyvex.Replaying;

/// <summary>A request of the client, its answer, and all that the agent wrote on account of it.</summary>
internal sealed class Exchange(string method, int order, string? sessionId)
{
    public string Method => method;

    /// <summary>The place of the request among all requests of the recording.</summary>
    public int Order => order;

    /// <summary>The recorded session that the request is about or has made; null for a request about none.</summary>
    public string? SessionId => sessionId;

    /// <summary>What came before the answer.</summary>
    public List<TranscriptEntry> Before { get; } = [];

    /// <summary>The answer; null where the recording ends without it.</summary>
    public TranscriptEntry? Answer { get; set; }

    /// <summary>What came after the answer with no newer request to account for it.</summary>
    public List<TranscriptEntry> After { get; } = [];

    public bool IsFailure => Answer?.Message is { IsError: true };
}
