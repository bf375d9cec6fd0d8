namespace Tinyvex;

/// <summary>Which of an agent's requests for permission the server allows by itself (docs/protocol.md, "Policies"). Everything else is asked.</summary>
public enum Policy
{
    Ask,
    AllowReads,
    AllowEditsInRoots,
    AllowAll,
}
