namespace Tinyvex.Contract.Acp;

/// <summary>A field of a form.</summary>
public sealed record ElicitationProperty : AcpValue
{
    /// <summary><c>string</c>, <c>number</c>, <c>integer</c>, <c>boolean</c>, <c>array</c> of strings, or one that came later.</summary>
    public required string Type { get; init; }

    /// <summary>Its label; its name is shown where this is absent.</summary>
    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>What it holds at first.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>Of a string: the values it may have.</summary>
    public IReadOnlyList<string>? Enum { get; init; }

    /// <summary>The same, each with a title.</summary>
    public IReadOnlyList<ElicitationChoice>? OneOf { get; init; }

    /// <summary>Of an array: the values it may hold.</summary>
    public ElicitationItems? Items { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public double? MinLength { get; init; }

    public double? MaxLength { get; init; }

    public double? MinItems { get; init; }

    public double? MaxItems { get; init; }

    /// <summary>A regular expression. The server does not try it.</summary>
    public string? Pattern { get; init; }

    /// <summary><c>email</c>, <c>uri</c>, <c>date</c>, <c>date-time</c> or another. The server does not check it.</summary>
    public string? Format { get; init; }
}
