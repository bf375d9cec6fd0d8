namespace Tinyvex.Writing;

/// <summary>Updates that name the run they belong to, which must be under way. A class of its own, as most name none, and each has its bytes.</summary>
internal sealed class IngestIntoRun : IngestUpdates
{
    public required string RunId { get; init; }
}
