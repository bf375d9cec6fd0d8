import type { AgentRow } from "@tinyvex/client";

/** The agent of that name where it is configured, else the default. */
export function agentFor(name: string | null, agents: readonly AgentRow[]): AgentRow | undefined {
  return agents.find((agent) => agent.name === name) ?? agents.find((agent) => agent.default) ?? agents[0];
}

interface Asked {
  threadId: string | null;
  /** The thread's own agent. */
  source: string | null;
  /** What was chosen here, and what was for the last new thread. */
  chosen: string | null;
  last: string | null;
  agents: readonly AgentRow[];
}

/** The name of the agent that is shown as the next prompt's: a thread's own, also where it is not there. */
export function shownAgent({ threadId, source, chosen, last, agents }: Asked): string | null {
  return chosen ?? (threadId === null ? null : source) ?? agentFor(threadId === null ? last : null, agents)?.name ?? null;
}

/**
 * The agent that a prompt names. In a thread none but one that was chosen: whose thread it is the server knows, and it refuses the prompt where that
 * agent is not there, in place of giving it to another.
 */
export function namedAgent(asked: Asked): string | null {
  return asked.threadId !== null ? asked.chosen : (shownAgent(asked) ?? asked.last);
}
