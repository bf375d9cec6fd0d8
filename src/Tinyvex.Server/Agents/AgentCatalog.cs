using System.Text.Json;
using Tinyvex.Attached;

namespace Tinyvex.Agents;

/// <summary>The agents that are configured or attached: which one a prompt goes to, and which of them can be started here.</summary>
/// <param name="attached">Those that connections run; null where there are no connections.</param>
internal sealed class AgentCatalog(TinyvexOptions options, AttachedAgents? attached = null)
{
    /// <summary>The one that is always there, for trying things out.</summary>
    private const string Replay = "replay";

    /// <summary>The agent of a prompt: the one asked for, else the thread's, else the default.</summary>
    /// <param name="threadSource">The thread's source: the name of its agent, or of whoever ingests its updates.</param>
    /// <exception cref="TinyvexException"><c>agent_unavailable</c>.</exception>
    public string Choose(string? asked, string? threadSource)
    {
        var name = asked ?? (threadSource is not null && IsThere(threadSource) ? threadSource : Default);
        if (IsThere(name)) return name;
        var names = options.Agents.Keys.Concat(Attached.Select(agent => agent.Name)).Order(StringComparer.Ordinal);
        throw new TinyvexException(ErrorCode.AgentUnavailable, $"there is no agent '{name}'; there are: {string.Join(", ", names)}");
    }

    private IReadOnlyList<AttachedAgent> Attached => attached?.List() ?? [];

    /// <summary>Where nothing is configured but the recording, an app that brings its own agent means that one.</summary>
    private string Default =>
        options.DefaultAgent == Replay && options.Agents.Count == 1 && Attached is [var first, ..] ? first.Name : options.DefaultAgent;

    private bool IsThere(string name) => options.Agents.ContainsKey(name) || attached?.IsAttached(name) == true;

    public AgentDefinition Get(string name) => options.Agents.TryGetValue(name, out var agent)
        ? agent
        : throw new TinyvexException(ErrorCode.AgentUnavailable, $"there is no agent '{name}' any more");

    /// <summary>Writes the rows of <c>agents.list</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        var byDefault = Default;
        json.WriteStartArray("rows"u8);
        foreach (var agent in options.Agents.Values.OrderBy(agent => agent.Name, StringComparer.Ordinal))
        {
            var found = ExecutableSearch.Find(agent) is not null;
            json.WriteStartObject();
            json.WriteString("name"u8, agent.Name);
            json.WriteString("title"u8, agent.Title ?? agent.Name);
            // The program alone: arguments may hold what is nobody's business.
            json.WriteString("command"u8, Path.GetFileName(agent.Command[0]));
            json.WriteBoolean("available"u8, found);
            json.WriteString("reason"u8, found ? null : $"'{agent.Command[0]}' was not found in PATH");
            json.WriteNull("version"u8);
            json.WriteBoolean("default"u8, agent.Name == byDefault);
            json.WriteString("source"u8, "configured"u8);
            json.WriteEndObject();
        }

        foreach (var agent in Attached)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, agent.Name);
            json.WriteString("title"u8, agent.Title);
            json.WriteString("command"u8, ""u8);
            json.WriteBoolean("available"u8, true);
            json.WriteNull("reason"u8);
            json.WriteNull("version"u8);
            json.WriteBoolean("default"u8, agent.Name == byDefault);
            json.WriteString("source"u8, "attached"u8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
