import type { AgentRow } from "@tinyvex/client";
import { visibleText } from "../text/visible-text.js";

interface AgentChoiceProps {
  agents: readonly AgentRow[];
  chosen: AgentRow | undefined;
  onChange(agent: string): void;
}

/** The agent of that name where it is configured, else the default. */
export function agentFor(name: string | null, agents: readonly AgentRow[]): AgentRow | undefined {
  return agents.find((agent) => agent.name === name) ?? agents.find((agent) => agent.default) ?? agents[0];
}

/** The agent of the next prompt. Those that are known and not installed are on the page of agents. */
export function AgentChoice({ agents, chosen, onChange }: AgentChoiceProps) {
  if (!chosen) return null;
  return (
    <select className="choice" aria-label="Agent" value={chosen.name} onChange={(event) => onChange(event.target.value)}>
      {agents.filter((agent) => agent.available || agent.source !== "known" || agent === chosen).map((agent) => (
        <option key={agent.name} value={agent.name} disabled={!agent.available}>
          {visibleText(agent.title ?? agent.name)}{agent.available ? "" : " (not available)"}
        </option>
      ))}
    </select>
  );
}
