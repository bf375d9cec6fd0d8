namespace Tinyvex.Contract.Acp;

/// <summary>What is in a resource: <c>text</c>, or <c>blob</c> in base64.</summary>
public sealed record ResourceContents : AcpValue
{
    public required string Uri { get; init; }

    public string? MimeType { get; init; }

    public string? Text { get; init; }

    public string? Blob { get; init; }
}
