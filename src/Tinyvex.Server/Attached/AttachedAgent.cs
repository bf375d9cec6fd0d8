namespace Tinyvex.Attached;

/// <summary>An agent that a connection runs at present.</summary>
internal sealed record AttachedAgent(string Name, string Title);
