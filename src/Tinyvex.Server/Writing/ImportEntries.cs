namespace Tinyvex.Writing;

/// <summary>A part of a conversation from elsewhere. All or nothing, and once.</summary>
internal sealed class ImportEntries : WriteCommand
{
    public required string ThreadId { get; init; }

    /// <summary>The part that comes before it; null for none.</summary>
    public string? After { get; init; }

    /// <summary>Its own mark; null where it only asks whether the thread is imported up to <see cref="After"/>.</summary>
    public string? Position { get; init; }

    public required ImportedThread Thread { get; init; }

    public required IReadOnlyList<ImportEntry> Entries { get; init; }

    /// <summary>Bytes of the request.</summary>
    public required int Length { get; init; }

    public override int Weight => 512 + Length;
}
