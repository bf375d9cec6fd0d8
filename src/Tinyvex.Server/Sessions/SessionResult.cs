using System.Text.Json;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>Reads what an agent says of a session it has just opened.</summary>
internal static class SessionResult
{
    public static SetSession ToCommand(string threadId, AgentSession session, Action<WriteOutcome> completed)
    {
        var json = session.Result;
        using var document = JsonDocument.Parse(json, JsonText.DocumentOptions);
        var result = document.RootElement;
        string? mode = null;
        ReadOnlyMemory<byte>? modes = null;
        if (result.ValueKind == JsonValueKind.Object && result.TryGetProperty("modes"u8, out var state) && state.ValueKind == JsonValueKind.Object)
        {
            if (state.TryGetProperty("currentModeId"u8, out var current) && current.ValueKind == JsonValueKind.String) mode = JsonText.Text(current);
            if (state.TryGetProperty("availableModes"u8, out var available) && available.ValueKind == JsonValueKind.Array) modes = json.Slice(available);
        }

        return new SetSession
        {
            ThreadId = threadId,
            SessionId = session.Id,
            Agent = session.Agent.Name,
            CurrentModeId = mode,
            AvailableModes = modes,
            ConfigOptions = ConfigOptions(json, result),
            Completed = completed,
        };
    }

    /// <summary>The options in an answer, all of them as they are now; null where it has none.</summary>
    public static ReadOnlyMemory<byte>? ConfigOptions(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer, JsonText.DocumentOptions);
        return ConfigOptions(answer, document.RootElement);
    }

    private static ReadOnlyMemory<byte>? ConfigOptions(ReadOnlyMemory<byte> json, JsonElement result) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty("configOptions"u8, out var options) && options.ValueKind == JsonValueKind.Array
            ? json.Slice(options)
            : (ReadOnlyMemory<byte>?)null;
}
