namespace Tinyvex.Agents;

/// <summary>The agents that are configured at one moment.</summary>
/// <param name="Default">The agent of a thread that names none.</param>
/// <param name="Trouble">Why the agents file could not be read anew; what it said before still holds then.</param>
internal sealed record AgentSet(IReadOnlyDictionary<string, AgentDefinition> Agents, string Default, string? Trouble = null);
