namespace Tinyvex.Contract.Requests;

/// <summary>A query and its rows.</summary>
public sealed record QueryEntry<TArgs, TRow>
{
    public required TArgs Args { get; init; }

    public required TRow Row { get; init; }
}
