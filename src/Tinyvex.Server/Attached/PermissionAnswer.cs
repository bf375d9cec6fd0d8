namespace Tinyvex.Attached;

/// <summary>What became of a request for permission.</summary>
/// <param name="RunId">Null where it was asked outside of a run.</param>
/// <param name="Outcome">As ACP.</param>
internal sealed record PermissionAnswer(string RequestId, string ThreadId, string? RunId, ReadOnlyMemory<byte> Outcome);
