import type { TinyvexClient, TinyvexOptions } from "@tinyvex/client";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { ClientContext } from "./context.js";
import { clientFor, hold, keyOf } from "./kept-clients.js";

export type TinyvexProviderProps = { children?: ReactNode } & (({ client: TinyvexClient } & { url?: never }) | ({ client?: never } & TinyvexOptions));

/**
 * Gives a client to the hooks below it: yours, which stays yours to close, or one of its own, made of the options of `TinyvexClient`.
 * Providers with the same `url`, `token`, `mode` and `name`, as texts, share a client, one after the other too, so it survives StrictMode, hot reload and
 * a change of pages. It connects when something below reads from it, never on a server, and closes some seconds after its last provider is gone.
 */
export function TinyvexProvider({ client, children, ...options }: TinyvexProviderProps) {
  return client ?
      <ClientContext.Provider value={client}>{children}</ClientContext.Provider>
    : <OwnClient options={options as TinyvexOptions}>{children}</OwnClient>;
}

function OwnClient({ options, children }: { options: TinyvexOptions; children: ReactNode }) {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const key = keyOf(options);
  // What else the options say counts when the client is made.
  const make = () => clientFor(options, () => latest.current);
  const [made, setMade] = useState(make);
  const kept = made.key === key ? made : again(make(), setMade);
  useEffect(() => hold(kept), [kept]);
  return <ClientContext.Provider value={kept.client}>{children}</ClientContext.Provider>;
}

function again<Made>(made: Made, set: (made: Made) => void): Made {
  set(made);
  return made;
}
