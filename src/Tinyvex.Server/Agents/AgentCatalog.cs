using System.Text.Json;

namespace Tinyvex.Agents;

/// <summary>The agents that are configured: which one a prompt goes to, and which of them can be started here.</summary>
internal sealed class AgentCatalog(TinyvexOptions options)
{
    /// <summary>The agent of a prompt: the one asked for, else the thread's, else the default.</summary>
    /// <param name="threadSource">The thread's source: the name of its agent, or of whoever ingests its updates.</param>
    /// <exception cref="TinyvexException"><c>agent_unavailable</c>.</exception>
    public string Choose(string? asked, string? threadSource)
    {
        var name = asked ?? (threadSource is not null && options.Agents.ContainsKey(threadSource) ? threadSource : options.DefaultAgent);
        if (options.Agents.ContainsKey(name)) return name;
        throw new TinyvexException(
            ErrorCode.AgentUnavailable, $"there is no agent '{name}'; there are: {string.Join(", ", options.Agents.Keys.Order(StringComparer.Ordinal))}");
    }

    public AgentDefinition Get(string name) => options.Agents.TryGetValue(name, out var agent)
        ? agent
        : throw new TinyvexException(ErrorCode.AgentUnavailable, $"there is no agent '{name}' any more");

    /// <summary>Writes the rows of <c>agents.list</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
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
            json.WriteBoolean("default"u8, agent.Name == options.DefaultAgent);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
