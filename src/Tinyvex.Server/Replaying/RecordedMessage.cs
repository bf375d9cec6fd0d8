namespace Tinyvex.Replaying;

/// <summary>One JSON-RPC message as it was recorded, and what playing it has to know of it.</summary>
internal sealed class RecordedMessage
{
    /// <summary>The message's own bytes. They are sent as they are, but for the slots, so that nothing unknown is lost.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The slots in the order in which they stand.</summary>
    public required Slot[] Slots { get; init; }

    /// <summary>The method, or null for an answer.</summary>
    public string? Method { get; init; }

    /// <summary>The id as JSON, or null for a notification.</summary>
    public string? Id { get; init; }

    /// <summary>The session that the message belongs to or makes.</summary>
    public string? SessionId { get; init; }

    /// <summary>An answer that is an error.</summary>
    public bool IsError { get; init; }

    public bool IsRequest => Method is not null && Id is not null;

    public bool IsAnswer => Method is null;
}
