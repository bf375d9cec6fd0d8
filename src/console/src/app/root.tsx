import { redeemCode, TinyvexClient } from "@tinyvex/client";
import { useEffect, useState, useSyncExternalStore } from "react";
import { TinyvexProvider } from "@tinyvex/react";
import { SignIn } from "../sign-in/sign-in.js";
import { App } from "./app.js";
import { Session } from "./session.js";
import { SessionContext } from "./session-context.js";
import { storageOf } from "./storage.js";
import { TokenStore } from "./token-store.js";

const url = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`;
const tokens = new TokenStore(storageOf("sessionStorage"), storageOf("localStorage"));
const session = new Session({ tokens, redeem: (code) => redeemCode(url, code), location, history });
// Not in an effect, which development runs twice: a code works once.
void session.enter();

/** The way in, and what is behind it. */
export function Root() {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  useEffect(() => {
    // A second link may be opened in a tab that is here already.
    const changed = () => void session.enter();
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  if (state.at === "outside") return <SignIn session={session} reason={state.reason} canRemember={tokens.canRemember} />;
  if (state.at === "entering") return <div className="shell"><div className="shell-side"><span className="shell-name">Tinyvex</span></div></div>;
  return <Inside key={state.token} token={state.token} />;
}

function Inside({ token }: { token: string | null }) {
  const [client] = useState(() => new TinyvexClient({ url, name: "console", ...(token !== null && { token }) }));
  useEffect(() => {
    const watch = () => {
      if (client.getStatus().state === "refused") session.refused();
    };
    client.connect();
    const stop = client.onStatus(watch);
    return () => {
      stop();
      client.close();
    };
  }, [client]);
  return (
    <SessionContext value={{ session, tokens }}>
      <TinyvexProvider client={client}><App /></TinyvexProvider>
    </SessionContext>
  );
}
