namespace Tinyvex.Contract.Acp;

/// <summary>A way to log an agent in.</summary>
public sealed record AuthMethod : AcpValue
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary><c>terminal</c> is a command that a person runs; absent, or another, is done by <c>agent.authenticate</c>.</summary>
    public string? Type { get; init; }
}
