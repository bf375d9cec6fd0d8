namespace Tinyvex.Contract.Shaping;

/// <summary>One of two types, where they have no base of their own.</summary>
public sealed record Either<TFirst, TSecond>
{
    public TFirst? First { get; init; }

    public TSecond? Second { get; init; }
}
