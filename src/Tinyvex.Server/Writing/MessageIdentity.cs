namespace Tinyvex.Writing;

/// <summary>What never changes of a message. One object for all its chunks, by which the beginning of their frames is known.</summary>
internal sealed record MessageIdentity(string ThreadId, string ItemId, string Kind, string? Role, long Ord);
