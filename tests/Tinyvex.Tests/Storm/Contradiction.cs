namespace Tinyvex.Tests.Storm;

/// <summary>Something that the protocol rules out was seen.</summary>
internal sealed class Contradiction(string message) : Exception(message);
