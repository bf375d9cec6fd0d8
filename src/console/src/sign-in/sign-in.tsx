import { useState, type FormEvent } from "react";
import type { Session } from "../app/session.js";
import "../app/controls.css";
import "./sign-in.css";

interface SignInProps {
  session: Session;
  reason: string | null;
  canRemember: boolean;
}

/** For who comes without a token: says where to get one. */
export function SignIn({ session, reason, canRemember }: SignInProps) {
  const [typed, setTyped] = useState("");
  const [remember, setRemember] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (typed.trim() !== "") void session.signIn(typed, { remember });
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <h1>Tinyvex</h1>
        <p>This server wants to know who is there. In a terminal on its machine,</p>
        <pre><code>tinyvex open</code></pre>
        <p>opens this page signed in, and <code>tinyvex open --print</code> prints a link that works once. Paste it here, or the server’s token.</p>
        {reason && <p className="note bad" role="alert">{reason}</p>}
        <label htmlFor="token">Link, code or token</label>
        <input
          id="token" className="field" type="password" autoComplete="off" spellCheck={false} autoFocus value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {canRemember && (
          <label className="remember">
            <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
            Remember on this device
          </label>
        )}
        <button type="submit" className="button primary" disabled={typed.trim() === ""}>Sign in</button>
      </form>
    </main>
  );
}
