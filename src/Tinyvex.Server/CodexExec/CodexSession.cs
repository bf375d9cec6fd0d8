using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tinyvex.CodexExec;

/// <summary>
/// A session: ours has a name before codex's thread has one, since codex gives it in the first turn. What is in here is kept in a file, so
/// that the session goes on in a later process.
/// </summary>
internal sealed partial record CodexSession
{
    public required string Id { get; init; }

    /// <summary>Codex's own id of the conversation; null before its first turn.</summary>
    public string? Thread { get; init; }

    public required string Directory { get; init; }

    public string Mode { get; init; } = SandboxModes.Configured;

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(CodexSession))]
    internal sealed partial class Json : JsonSerializerContext;
}
