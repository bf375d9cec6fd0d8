import { useId } from "react";
import { CopyButton } from "../code/copy-button.js";
import type { LoginMethod } from "./login-methods.js";

interface LoginMethodRowProps {
  method: LoginMethod;
  /** Of the agent. */
  command: string;
  isWaiting: boolean;
  isDisabled: boolean;
  onLogIn(): void;
}

/** One way to log in: a button, or what a person has to do elsewhere. */
export function LoginMethodRow({ method, command, isWaiting, isDisabled, onLogIn }: LoginMethodRowProps) {
  const about = useId();
  const { name, description, isForTerminal, variables } = method;
  return (
    <li className="login-method">
      {isForTerminal ? <span className="login-name" dir="auto">{name}</span> : (
        <button type="button" className="button small" disabled={isDisabled} aria-describedby={about} onClick={onLogIn}>
          {isWaiting && <span className="spinner" />}<span dir="auto">{name}</span>
        </button>
      )}
      <div id={about} className="login-about">
        {description && <p dir="auto">{description}</p>}
        {variables.length > 0 && <p>It looks for <code>{variables.join(", ")}</code> in its environment: that of the server, or <code>env</code> in agents.json.</p>}
        {isForTerminal && <Elsewhere method={method} command={command} />}
      </div>
    </li>
  );
}

function Elsewhere({ method, command }: { method: LoginMethod; command: string }) {
  if (method.command !== null) {
    return (
      <p className="login-command">
        In a terminal on the server’s machine: <code dir="ltr">{method.command}</code><CopyButton text={method.command} label="Copy the command" />
      </p>
    );
  }

  return (
    <p>
      In a terminal on the server’s machine: the command of this agent (<code dir="ltr">{command}</code>)
      {method.args !== null && <> with <code dir="ltr">{method.args}</code> behind it</>}.
    </p>
  );
}
