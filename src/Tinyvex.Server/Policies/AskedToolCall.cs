namespace Tinyvex.Policies;

/// <summary>What is known of a tool call that leave is asked for, each part as ACP has it.</summary>
internal sealed record AskedToolCall
{
    public string? Kind { get; init; }

    public ReadOnlyMemory<byte>? Locations { get; init; }

    public ReadOnlyMemory<byte>? Content { get; init; }

    public ReadOnlyMemory<byte>? RawInput { get; init; }
}
