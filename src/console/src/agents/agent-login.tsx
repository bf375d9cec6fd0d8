import type { AgentRow } from "@tinyvex/client";
import { useTinyvex } from "@tinyvex/react";
import { useEffect, useSyncExternalStore } from "react";
import { useNow } from "../app/use-now.js";
import { duration } from "../text/duration.js";
import { visibleCode, visibleText } from "../text/visible-text.js";
import { LoginMethodRow } from "./login-method-row.js";
import { loginMethodsOf } from "./login-methods.js";
import { listenToLogins, logIn, loginOf, stopWaiting } from "./logins.js";

interface AgentLoginProps {
  agent: AgentRow;
  /** The agent is logged in: what is listed of it is another now. */
  onLoggedIn(): void;
}

/** The ways to log in that an agent offers, and how it goes. Folded away while the agent wants none. */
export function AgentLogin({ agent, onLoggedIn }: AgentLoginProps) {
  const client = useTinyvex();
  const login = useSyncExternalStore(listenToLogins, () => loginOf(agent.name));
  const isWaiting = login?.isWaiting === true;
  const isDone = login?.isWaiting === false && login.problem === null;
  const methods = loginMethodsOf(agent);
  useEffect(() => {
    if (isDone) onLoggedIn();
  }, [isDone, onLoggedIn]);
  if (!agent.available || methods.length === 0) return null;
  return (
    <>
      <details className="login" open={agent.wantsLogin === true || isWaiting || (login?.problem ?? null) !== null}>
        <summary>Log in<span className="visually-hidden"> to {visibleText(agent.title)}</span></summary>
        <ul className="login-methods">
          {methods.map((method, at) => (
            <LoginMethodRow
              key={`${at} ${method.id}`} method={method} command={visibleCode(agent.command)} isWaiting={isWaiting && login.methodId === method.id} isDisabled={isWaiting}
              onLogIn={() => void logIn(client, agent, method.id)}
            />
          ))}
        </ul>
        {isWaiting && <Wait agent={agent} startedAt={login.startedAt} />}
        {login?.problem && <p className="note bad login-problem" role="alert" dir="auto">{visibleText(login.problem)}</p>}
      </details>
      {/* Not within, as that is folded away once it is done. */}
      {isDone && agent.wantsLogin !== true && <p className="login-done">Logged in.</p>}
    </>
  );
}

function Wait({ agent, startedAt }: { agent: AgentRow; startedAt: number }) {
  const waited = useNow(true, 1_000) - startedAt;
  return (
    <div className="login-wait">
      <p>
        Waiting for {visibleText(agent.title)}{waited >= 10_000 && <> for <span className="login-time">{duration(waited)}</span></>}. It may ask for something in a
        browser on the server’s machine, and has 10 minutes.
      </p>
      <button type="button" className="button small" onClick={() => stopWaiting(agent.name)}>Stop waiting</button>
    </div>
  );
}
