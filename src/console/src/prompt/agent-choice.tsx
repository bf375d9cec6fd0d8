import { useAgents } from "../hooks.js";
import { visibleText } from "../text/visible-text.js";

interface AgentChoiceProps {
  value: string | null;
  onChange(agent: string): void;
}

/** The agent of the next prompt. Nothing to choose where there is one. */
export function AgentChoice({ value, onChange }: AgentChoiceProps) {
  const { agents } = useAgents();
  const chosen = agents.find((agent) => agent.name === value) ?? agents.find((agent) => agent.default) ?? agents[0];
  if (!chosen) return null;
  return (
    <select className="choice" aria-label="Agent" value={chosen.name} onChange={(event) => onChange(event.target.value)}>
      {agents.map((agent) => (
        <option key={agent.name} value={agent.name} disabled={!agent.available}>
          {visibleText(agent.title ?? agent.name)}{agent.available ? "" : " (not available)"}
        </option>
      ))}
    </select>
  );
}
