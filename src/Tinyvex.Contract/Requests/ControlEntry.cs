namespace Tinyvex.Contract.Requests;

/// <summary>A request and its answer.</summary>
public sealed record ControlEntry<TRequest, TReply>
{
    public required TRequest Request { get; init; }

    public required TReply Reply { get; init; }
}
