import type { AgentRow } from "@tinyvex/client";
import { visibleText } from "../text/visible-text.js";

/** Why the settings of an agent's session cannot be changed here; null where they can, or where it is not known yet. */
export function whyFixed(name: string | null, agents: readonly AgentRow[]): string | null {
  if (agents.length === 0) return null;
  const agent = agents.find((one) => one.name === name);
  if (agent?.source === "attached") return `An app runs ${visibleText(agent.title ?? agent.name)}, and only there its settings can be changed.`;
  return agent?.available ? null : "The agent is not available, so its settings stay as they are.";
}
