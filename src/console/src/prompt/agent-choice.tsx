import type { AgentRow } from "@tinyvex/client";
import { visibleText } from "../text/visible-text.js";

interface AgentChoiceProps {
  agents: readonly AgentRow[];
  /** The name of the agent that the prompt goes to, which may be one that is not there. */
  shown: string | null;
  onChange(agent: string): void;
}

/** The agent of the next prompt. Those that are known and not installed are on the page of agents. */
export function AgentChoice({ agents, shown, onChange }: AgentChoiceProps) {
  if (shown === null) return null;
  const offered = agents.filter((agent) => agent.available || agent.source !== "known" || agent.name === shown);
  return (
    <select className="choice" aria-label="Agent" value={shown} onChange={(event) => onChange(event.target.value)}>
      {!offered.some((agent) => agent.name === shown) && <option value={shown} disabled>{visibleText(shown)} (not available)</option>}
      {offered.map((agent) => (
        <option key={agent.name} value={agent.name} disabled={!agent.available}>
          {visibleText(agent.title ?? agent.name)}{agent.available ? "" : " (not available)"}
        </option>
      ))}
    </select>
  );
}
