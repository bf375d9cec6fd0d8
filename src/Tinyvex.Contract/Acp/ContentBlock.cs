namespace Tinyvex.Contract.Acp;

/// <summary>A piece of what is said. An agent may send other types; show what is not known as its type.</summary>
[JsonDerivedType(typeof(TextContent))]
[JsonDerivedType(typeof(ImageContent))]
[JsonDerivedType(typeof(AudioContent))]
[JsonDerivedType(typeof(ResourceLink))]
[JsonDerivedType(typeof(EmbeddedResource))]
public abstract record ContentBlock : AcpValue
{
    public Annotations? Annotations { get; init; }
}

/// <summary>Text, as a rule Markdown.</summary>
public sealed record TextContent : ContentBlock
{
    public string Type => "text";

    public required string Text { get; init; }
}

/// <summary>An image.</summary>
public sealed record ImageContent : ContentBlock
{
    public string Type => "image";

    /// <summary>In base64.</summary>
    public required string Data { get; init; }

    public required string MimeType { get; init; }

    public string? Uri { get; init; }
}

/// <summary>Sound.</summary>
public sealed record AudioContent : ContentBlock
{
    public string Type => "audio";

    /// <summary>In base64.</summary>
    public required string Data { get; init; }

    public required string MimeType { get; init; }
}

/// <summary>A file, or something else, by its address.</summary>
public sealed record ResourceLink : ContentBlock
{
    public string Type => "resource_link";

    public required string Uri { get; init; }

    public required string Name { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? MimeType { get; init; }

    /// <summary>In bytes.</summary>
    public long? Size { get; init; }
}

/// <summary>A file, or something else, with what is in it.</summary>
public sealed record EmbeddedResource : ContentBlock
{
    public string Type => "resource";

    public required ResourceContents Resource { get; init; }
}
