import type { AgentRow } from "@tinyvex/client";
import { ErrorBoundary } from "../app/error-boundary.js";
import { visibleCode, visibleText } from "../text/visible-text.js";
import { AgentLogin } from "./agent-login.js";

export function Agent({ agent, onLoggedIn }: { agent: AgentRow; onLoggedIn(): void }) {
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
      <ErrorBoundary what="How to log in" resetKey={agent}><AgentLogin agent={agent} onLoggedIn={onLoggedIn} /></ErrorBoundary>
    </li>
  );
}
