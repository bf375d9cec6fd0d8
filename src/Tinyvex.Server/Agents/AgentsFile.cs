using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tinyvex.Agents;

/// <summary>The file that configures agents: <c>{"default":"name","agents":{"name":{"command":["program","argument"],"env":{},"title":"","policy":"ask"}}}</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AgentsFile
{
    /// <summary>The agent of a thread that names none.</summary>
    public string? Default { get; init; }

    /// <summary>Null where the file leaves it out: what the source generator reads overwrites an initial value.</summary>
    public Dictionary<string, Entry>? Agents { get; init; }

    /// <summary>The file beside the database, which is read where it exists.</summary>
    public static string PathOf(string database) => Path.Combine(Path.GetDirectoryName(database)!, "agents.json");

    /// <exception cref="StartupException">It cannot be read, or is not what it should be.</exception>
    public static AgentsFile Read(string path)
    {
        try
        {
            return Read(path, File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, exception.Message);
        }
    }

    /// <summary>The same of text that is, or is to be, in the file.</summary>
    /// <exception cref="StartupException">It is not what it should be.</exception>
    public static AgentsFile Read(string path, ReadOnlySpan<byte> json)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, AgentsJson.Default.AgentsFile) ?? new AgentsFile();
            foreach (var (name, entry) in file.Agents ?? [])
            {
                // One that is known has its command from there.
                var hasOwn = entry.Command is { Count: > 0 } && !entry.Command.Any(string.IsNullOrEmpty);
                if (!hasOwn && (entry.Command is not null || KnownAgents.Find(name) is null))
                {
                    throw Wrong(path, $"agent '{name}' needs \"command\": an array of the program and its arguments");
                }

                CheckMcpServers(path, name, entry);
                if (entry.Policy is { } policy && PolicyNames.Find(policy) is null)
                {
                    throw Wrong(path, $"\"policy\" of agent '{name}' is {PolicyNames.Listed}; '{policy}' is not.");
                }
            }

            return file;
        }
        catch (JsonException exception)
        {
            throw Wrong(path, Explain(exception));
        }
    }

    /// <summary>In words of the file, where the library has those of .NET.</summary>
    private static string Explain(JsonException exception)
    {
        var line = (exception.LineNumber ?? 0) + 1;
        var field = exception.Path?.Split('.')[^1];
        if (exception.Message.Contains("could not be mapped", StringComparison.Ordinal)) return $"'{field}' in line {line} is no field of it.";
        if (exception.Message.Contains("could not be converted", StringComparison.Ordinal)) return $"'{field}' in line {line} is of another kind than it should be.";
        return $"Line {line} is not JSON: {exception.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}";
    }

    /// <param name="options">What the commands of known agents are made with.</param>
    public IEnumerable<AgentDefinition> Definitions(TinyvexOptions options) => (Agents ?? []).Select(agent => new AgentDefinition
    {
        Name = agent.Key,
        Title = agent.Value.Title ?? KnownAgents.Find(agent.Key)?.Title,
        Command = agent.Value.Command ?? KnownAgents.Find(agent.Key)!.CommandFor(options),
        Environment = agent.Value.Env ?? [],
        EnvironmentDenied = agent.Value.EnvDeny ?? [],
        Shared = agent.Value.Shared ?? false,
        McpServers = agent.Value.McpServers is { } servers ? WithoutComments(servers) : (ReadOnlyMemory<byte>?)null,
        OffersFiles = agent.Value.Offer?.Files ?? KnownAgents.OfProgram(agent.Value.Command?[0] ?? KnownAgents.Find(agent.Key)?.Program ?? "")?.OffersFiles ?? true,
        OffersTerminals = agent.Value.Offer?.Terminals ?? true,
        Policy = PolicyNames.Find(agent.Value.Policy),
    });

    private static ReadOnlyMemory<byte> WithoutComments(JsonElement value)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options)) value.WriteTo(json);
        return buffer.WrittenMemory;
    }

    private static void CheckMcpServers(string path, string name, Entry entry)
    {
        if (entry.McpServers is not { } servers) return;
        try
        {
            Acp.McpServerList.Check(servers);
        }
        catch (TinyvexException wrong)
        {
            throw Wrong(path, $"agent '{name}': {wrong.Message}");
        }
    }

    private static StartupException Wrong(string path, string why) => new(
        ExitCode.WrongUsage, path + " is no agents file: " + why + " It looks like {\"agents\":{\"codex\":{\"command\":[\"codex-acp\"]}}}.");

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Entry
    {
        public string? Title { get; init; }

        public IReadOnlyList<string>? Command { get; init; }

        public Dictionary<string, string>? Env { get; init; }

        /// <summary>Variables of the server's environment that it does not get; <c>NAME*</c> stands for all that begin so.</summary>
        public IReadOnlyList<string>? EnvDeny { get; init; }

        /// <summary>Whether all threads share one process of it.</summary>
        public bool? Shared { get; init; }

        /// <summary>MCP servers for each of its sessions, as ACP has them.</summary>
        public JsonElement? McpServers { get; init; }

        public string? Policy { get; init; }

        /// <summary>What the agent is offered; all that is left out is.</summary>
        public Offers? Offer { get; init; }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Offers
    {
        public bool? Files { get; init; }

        public bool? Terminals { get; init; }
    }
}
