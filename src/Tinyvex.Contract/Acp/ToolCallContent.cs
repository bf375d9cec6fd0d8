namespace Tinyvex.Contract.Acp;

/// <summary>What a tool call shows. An agent may send other types.</summary>
[JsonDerivedType(typeof(ContentOutput))]
[JsonDerivedType(typeof(DiffOutput))]
[JsonDerivedType(typeof(TerminalOutput))]
public abstract record ToolCallContent : AcpValue;

/// <summary>A block.</summary>
public sealed record ContentOutput : ToolCallContent
{
    public string Type => "content";

    public required ContentBlock Content { get; init; }
}

/// <summary>A change of a file.</summary>
public sealed record DiffOutput : ToolCallContent
{
    public string Type => "diff";

    public required string Path { get; init; }

    /// <summary>None where the file is new.</summary>
    public string? OldText { get; init; }

    public required string NewText { get; init; }
}

/// <summary>A terminal of the thread. Some agents name terminals of their own, of which there is no row.</summary>
public sealed record TerminalOutput : ToolCallContent
{
    public string Type => "terminal";

    public required string TerminalId { get; init; }
}
