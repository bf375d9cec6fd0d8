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

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, AgentFacts> _facts = new(StringComparer.Ordinal);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> _logins = new(StringComparer.Ordinal);

    /// <summary>Notes what an agent said of itself when it was started last.</summary>
    public void Learn(string name, AgentFacts facts) => _facts[name] = facts;

    /// <summary>What is known of an agent, once it was started.</summary>
    public AgentFacts? Facts(string name) => _facts.GetValueOrDefault(name);

    /// <summary>Notes by which method an agent was logged in, for its processes to come.</summary>
    public void LoggedIn(string name, string methodId) => _logins[name] = methodId;

    /// <summary>The method by which an agent was logged in, in this life of the server.</summary>
    public string? Login(string name) => _logins.GetValueOrDefault(name);

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
            var facts = Facts(agent.Name);
            json.WriteString("version"u8, facts?.Version);
            json.WriteBoolean("default"u8, agent.Name == options.DefaultAgent);
            WriteRaw(json, "capabilities"u8, facts?.Capabilities);
            WriteRaw(json, "authMethods"u8, facts?.AuthMethods);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte>? value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value is { } raw ? raw.Span : "null"u8, skipInputValidation: true);
    }
}
