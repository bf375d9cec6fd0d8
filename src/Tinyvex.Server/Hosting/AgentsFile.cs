using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tinyvex.Hosting;

/// <summary>
/// The file that configures agents:
/// <c>{"default":"name","agents":{"name":{"command":["program","argument"],"env":{},"title":"","policy":"ask","offer":{"files":true,"terminals":true}}}}</c>.
/// </summary>
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
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), HostingJson.Default.AgentsFile) ?? new AgentsFile();
            foreach (var (name, entry) in file.Agents ?? [])
            {
                if (entry.Command is not { Count: > 0 } || entry.Command.Any(string.IsNullOrEmpty))
                {
                    throw Wrong(path, $"agent '{name}' needs \"command\": an array of the program and its arguments");
                }

                if (entry.Policy is { } policy && PolicyNames.Find(policy) is null)
                {
                    throw Wrong(path, $"\"policy\" of agent '{name}' is {PolicyNames.Listed}; '{policy}' is not.");
                }
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Wrong(path, exception.Message);
        }
    }

    public IEnumerable<AgentDefinition> Definitions() => (Agents ?? []).Select(agent => new AgentDefinition
    {
        Name = agent.Key,
        Title = agent.Value.Title,
        Command = agent.Value.Command!,
        Environment = agent.Value.Env ?? [],
        OffersFiles = agent.Value.Offer?.Files ?? true,
        OffersTerminals = agent.Value.Offer?.Terminals ?? true,
        Policy = PolicyNames.Find(agent.Value.Policy),
    });

    private static StartupException Wrong(string path, string why) => new(
        ExitCode.WrongUsage, path + " is no agents file: " + why + " It looks like {\"agents\":{\"codex\":{\"command\":[\"codex-acp\"]}}}.");

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Entry
    {
        public string? Title { get; init; }

        public IReadOnlyList<string>? Command { get; init; }

        public Dictionary<string, string>? Env { get; init; }

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
