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
      <div className="page-body" tabIndex={0}>
        <div className="page-column">
          <p className="lead">
            The programs that this server can start: those it knows, once they are installed, and your own, added with{" "}
            <code>tinyvex agents add NAME -- COMMAND</code>.
          </p>
          {error && <p className="note bad" role="alert">Agents cannot be listed: {error.message}</p>}
          <ul className="agents">{agents.map((agent) => <Agent key={agent.name} agent={agent} />)}</ul>
          {agents.length === 0 && !error && !isLoading && <p className="note">There is none.</p>}
        </div>
      </div>
    </div>
  );
}

function Agent({ agent }: { agent: AgentRow }) {
  const { name, title, command, available, reason, version, default: isDefault, source, install, login, wantsLogin } = agent;
  // Known, and not installed, is no fault.
  const isMissing = !available && source === "known";
  return (
    <li className="agent">
      <div className="agent-head">
        <h2>{visibleText(title ?? name)}</h2>
        {title && title !== name && <code>{visibleCode(name)}</code>}
        {version && <span className="lead">{visibleText(version)}</span>}
        {isDefault && <span className="badge accent">default</span>}
        {wantsLogin && <span className="badge bad">wants a login</span>}
        <span className={available || isMissing ? "badge" : "badge bad"}>{available ? "available" : isMissing ? "not installed" : "not available"}</span>
      </div>
      <code className="agent-command" dir="ltr">{visibleCode(command)}</code>
      {reason && !isMissing && <p className={available ? "lead" : "agent-reason"}>{visibleText(reason)}</p>}
      {!available && install && <p className="lead">To install it: <code dir="ltr">{visibleCode(install)}</code></p>}
      {(wantsLogin || isMissing) && login && <p className="lead">To log in: <code dir="ltr">{visibleCode(login)}</code></p>}
    </li>
  );
}
