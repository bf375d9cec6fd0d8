using System.Text.Json;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>Reads what an agent says of a session it has just made.</summary>
internal static class SessionResult
{
    public static SetSession ToCommand(string threadId, LiveAgent agent, Action<WriteOutcome> completed)
    {
        var json = agent.SessionResult;
        using var document = JsonDocument.Parse(json, JsonText.DocumentOptions);
        var result = document.RootElement;
        string? mode = null;
        ReadOnlyMemory<byte>? modes = null;
        ReadOnlyMemory<byte>? configOptions = null;
        if (result.TryGetProperty("modes"u8, out var state) && state.ValueKind == JsonValueKind.Object)
        {
            if (state.TryGetProperty("currentModeId"u8, out var current) && current.ValueKind == JsonValueKind.String) mode = JsonText.Text(current);
            if (state.TryGetProperty("availableModes"u8, out var available) && available.ValueKind == JsonValueKind.Array) modes = json.Slice(available);
        }

        if (result.TryGetProperty("configOptions"u8, out var options) && options.ValueKind == JsonValueKind.Array) configOptions = json.Slice(options);
        return new SetSession
        {
            ThreadId = threadId,
            SessionId = agent.SessionId,
            CurrentModeId = mode,
            AvailableModes = modes,
            ConfigOptions = configOptions,
            Completed = completed,
        };
    }
}
