namespace Tinyvex.Attached;

/// <summary>A request for permission that a host made, and waits for.</summary>
internal sealed record AskedPermission(string RequestId, string ThreadId, string? RunId);
