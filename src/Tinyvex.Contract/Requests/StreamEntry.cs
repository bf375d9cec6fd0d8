namespace Tinyvex.Contract.Requests;

/// <summary>A stream, its rows and its snapshot.</summary>
public sealed record StreamEntry<TRow, TSnapshot>
{
    public required TRow Row { get; init; }

    public required TSnapshot Snapshot { get; init; }
}
