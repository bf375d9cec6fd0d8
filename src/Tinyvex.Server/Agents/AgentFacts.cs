using System.Text.Json;

namespace Tinyvex.Agents;

/// <summary>What an agent said of itself in answer to <c>initialize</c>. What it leaves out it cannot do.</summary>
/// <remarks>https://agentclientprotocol.com/protocol/v1/initialization</remarks>
internal sealed class AgentFacts
{
    /// <summary>Bytes of JSON that are passed on to clients: capabilities are some hundred, and a list of agents shows those of all.</summary>
    private const int MaxShown = 64 * 1024;

    public string? Version { get; private init; }

    public bool Loads { get; private init; }

    public bool Resumes { get; private init; }

    public bool Lists { get; private init; }

    public bool Closes { get; private init; }

    public bool Deletes { get; private init; }

    public bool TakesAdditionalDirectories { get; private init; }

    public bool TakesMcpOverHttp { get; private init; }

    public bool TakesMcpOverSse { get; private init; }

    public bool TakesImages { get; private init; }

    public bool TakesAudio { get; private init; }

    public bool TakesEmbeddedContext { get; private init; }

    /// <summary><c>agentCapabilities</c> as it came; null where there are none.</summary>
    public ReadOnlyMemory<byte>? Capabilities { get; private init; }

    /// <summary><c>authMethods</c> as it came; null where there are none.</summary>
    public ReadOnlyMemory<byte>? AuthMethods { get; private init; }

    /// <summary>Ways to log in, by their ids; those of type <c>terminal</c> are commands for a person to run.</summary>
    public IReadOnlyList<(string Id, bool IsForTerminal)> LoginMethods { get; private init; } = [];

    /// <param name="initialized">The answer, an object.</param>
    public static AgentFacts Read(ReadOnlyMemory<byte> initialized)
    {
        using var document = JsonDocument.Parse(initialized, JsonText.DocumentOptions);
        var root = document.RootElement;
        var capabilities = Part(root, "agentCapabilities");
        var session = Part(capabilities, "sessionCapabilities");
        var mcp = Part(capabilities, "mcpCapabilities");
        var prompt = Part(capabilities, "promptCapabilities");
        var version = Part(Part(root, "agentInfo"), "version");
        var methods = Part(root, "authMethods");
        return new AgentFacts
        {
            Version = version.ValueKind == JsonValueKind.String ? JsonText.Text(version) : null,
            Loads = IsOn(capabilities, "loadSession"),
            Resumes = IsOn(session, "resume"),
            Lists = IsOn(session, "list"),
            Closes = IsOn(session, "close"),
            Deletes = IsOn(session, "delete"),
            TakesAdditionalDirectories = IsOn(session, "additionalDirectories"),
            TakesMcpOverHttp = IsOn(mcp, "http"),
            TakesMcpOverSse = IsOn(mcp, "sse"),
            TakesImages = IsOn(prompt, "image"),
            TakesAudio = IsOn(prompt, "audio"),
            TakesEmbeddedContext = IsOn(prompt, "embeddedContext"),
            Capabilities = Shown(capabilities, JsonValueKind.Object),
            AuthMethods = Shown(methods, JsonValueKind.Array),
            LoginMethods = methods.ValueKind == JsonValueKind.Array ? [.. methods.EnumerateArray().Select(Login).OfType<(string, bool)>()] : [],
        };

        ReadOnlyMemory<byte>? Shown(JsonElement part, JsonValueKind kind) =>
            part.ValueKind == kind && initialized.Slice(part) is { Length: <= MaxShown } json ? json : (ReadOnlyMemory<byte>?)null;
    }

    private static (string Id, bool IsForTerminal)? Login(JsonElement method) =>
        Part(method, "id") is { ValueKind: JsonValueKind.String } id
            ? (JsonText.Text(id), Part(method, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("terminal"u8))
            : null;

    /// <summary>Capabilities are objects, empty ones too, or true.</summary>
    private static bool IsOn(JsonElement of, string name) => Part(of, name).ValueKind is JsonValueKind.True or JsonValueKind.Object;

    private static JsonElement Part(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var part) ? part : default;
}
