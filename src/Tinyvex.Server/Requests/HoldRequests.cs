using System.Text.Json;
using Tinyvex.Protocol;
using Tinyvex.Writing;

namespace Tinyvex.Requests;

/// <summary>Reads what stands between an editor and its agent asks for (docs/protocol.md, "Threads of editors").</summary>
internal static class HoldRequests
{
    public static WriteCommand Hold(Request request, IdempotencyKey? key, Action<WriteOutcome> completed)
    {
        var modes = Member(request, "modes", JsonValueKind.Object);
        var options = Member(request, "configOptions", JsonValueKind.Array);
        var available = default(JsonElement);
        return new HoldThread
        {
            Key = key,
            Completed = completed,
            ThreadId = request.OptionalThreadId(request.Root),
            Agent = request.RequiredId(request.Root, "agent"),
            SessionId = request.RequiredId(request.Root, "sessionId"),
            WorkingDirectory = WriteRequests.Directory(request.Root),
            CurrentModeId = modes is { } one ? request.OptionalId(one, "currentModeId") : null,
            AvailableModes = modes?.TryGetProperty("availableModes"u8, out available) == true && available.ValueKind == JsonValueKind.Array
                ? request.Json.Slice(available)
                : (ReadOnlyMemory<byte>?)null,
            ConfigOptions = options is { } list ? request.Json.Slice(list) : (ReadOnlyMemory<byte>?)null,
        };
    }

    private static JsonElement? Member(Request request, string name, JsonValueKind kind)
    {
        if (!request.Root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == kind
            ? value
            : throw TinyvexException.BadRequest($"'{name}' must be {(kind == JsonValueKind.Object ? "an object, as the agent's" : "a list, as the agent's")}");
    }
}
