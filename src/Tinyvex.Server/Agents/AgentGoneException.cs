namespace Tinyvex.Agents;

/// <summary>The agent takes or gives nothing any more; why, its process tells.</summary>
internal sealed class AgentGoneException(Exception? inner = null) : Exception("the agent is gone", inner);
