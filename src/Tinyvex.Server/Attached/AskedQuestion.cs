namespace Tinyvex.Attached;

/// <summary>A request for permission, or an elicitation, that a host made, and waits for.</summary>
internal sealed record AskedQuestion(string RequestId, string ThreadId, string? RunId, bool IsPermission);
