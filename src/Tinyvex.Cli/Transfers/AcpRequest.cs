using System.Text.Json;

namespace Tinyvex.Cli.Transfers;

/// <summary>A request of a recording that waits for its answer.</summary>
/// <param name="RunId">The run that it began, of a prompt.</param>
internal sealed record AcpRequest(string Method, string? SessionId, long? Ts, JsonElement Parameters, string? RunId = null);
