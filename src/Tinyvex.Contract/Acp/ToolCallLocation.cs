namespace Tinyvex.Contract.Acp;

/// <summary>A place in a file that a tool works at.</summary>
public sealed record ToolCallLocation : AcpValue
{
    public required string Path { get; init; }

    /// <summary>From 1 on.</summary>
    public long? Line { get; init; }
}
