import { PageHeader } from "../app/page-header.js";
import { usePageTitle } from "../app/page-title.js";
import { useAgents } from "@tinyvex/react";
import { Agent } from "./agent.js";
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
          <ul className="agents">{agents.map((agent) => <Agent key={agent.name} agent={agent} onLoggedIn={refresh} />)}</ul>
          {agents.length === 0 && !error && !isLoading && <p className="note">There is none.</p>}
        </div>
      </div>
    </div>
  );
}
