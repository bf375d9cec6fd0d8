import type { AgentRow } from "@tinyvex/client";
import { PageHeader } from "../app/page-header.js";
import { usePageTitle } from "../app/page-title.js";
import { useAgents } from "@tinyvex/react";
import { visibleCode, visibleText } from "../text/visible-text.js";
import "./agents.css";

export default function AgentsPage() {
  usePageTitle("Agents");
  const { agents, error, isLoading, refresh } = useAgents();
  return (
    <div className="page">
      <PageHeader><h1>Agents</h1><button type="button" className="button small" disabled={isLoading} onClick={refresh}>Look again</button></PageHeader>
      <div className="page-body" tabIndex={-1}>
        <div className="page-column">
          <p className="lead">The programs that this server can start. They are named with <code>--agent</code> or in <code>agents.json</code> beside the database.</p>
          {error && <p className="note bad" role="alert">Agents cannot be listed: {error.message}</p>}
          <ul className="agents">{agents.map((agent) => <Agent key={agent.name} agent={agent} />)}</ul>
          {agents.length === 0 && !error && !isLoading && <p className="note">None is configured. Start the server with one, such as <code>tinyvex serve --agent codex="npx -y @agentclientprotocol/codex-acp"</code>.</p>}
        </div>
      </div>
    </div>
  );
}

function Agent({ agent: { name, title, command, available, reason, version, default: isDefault } }: { agent: AgentRow }) {
  return (
    <li className="agent">
      <div className="agent-head">
        <h2>{visibleText(title ?? name)}</h2>
        {title && title !== name && <code>{visibleCode(name)}</code>}
        {version && <span className="lead">{visibleText(version)}</span>}
        {isDefault && <span className="badge accent">default</span>}
        <span className={available ? "badge" : "badge bad"}>{available ? "available" : "not available"}</span>
      </div>
      <code className="agent-command" dir="ltr">{visibleCode(command)}</code>
      {reason && <p className={available ? "lead" : "agent-reason"}>{visibleText(reason)}</p>}
    </li>
  );
}
