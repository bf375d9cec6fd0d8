import { TinyvexClient, type TinyvexOptions } from "@tinyvex/client";

/** How long a client stays connected after its last provider is gone, in milliseconds: longer than a hot reload or a change of pages takes. */
const linger = 5_000;

/** A client of providers. */
export interface Kept {
  readonly client: TinyvexClient;
  readonly key: string;
  readonly WebSocket: TinyvexOptions["WebSocket"];
  providers: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** Those whose providers are mounted, or were a moment ago; and, for the others of the same render, those that a render made for a provider to come. */
const kept = new Set<Kept>();
/** A server, and a render that is given up, mount no provider: what waits for one leaves from so many on, which is more than a page has servers. */
const mostKept = 10;

/** What makes two providers ask for the same client. */
export function keyOf({ url, token, mode, name }: TinyvexOptions): string {
  const said = (value: unknown) => (typeof value === "function" ? "asked" : value);
  return JSON.stringify([said(url), said(token), mode, name]);
}

/** The client that is kept for these options, else a new one. It does nothing until something reads from it. */
export function clientFor(options: TinyvexOptions, latest: () => TinyvexOptions): Kept {
  const { url, token, WebSocket } = options;
  const isShared = typeof url === "string" && typeof token !== "function";
  const key = keyOf(options);
  for (const one of kept) if (isShared && one.key === key && one.WebSocket === WebSocket) return one;
  const client = new TinyvexClient({
    ...options,
    // Functions may be written anew for each render; the last one knows best.
    ...(typeof url === "function" && { url: () => told(latest().url) }),
    ...(typeof token === "function" && { token: () => told(latest().token) }),
  });
  const made: Kept = { client, key, WebSocket, providers: 0, closing: undefined };
  if (isShared) kept.add(made);
  for (const one of kept) if (kept.size > mostKept && one.providers === 0 && !one.closing) kept.delete(one);
  return made;
}

function told<Value extends string | undefined>(value: Value | (() => Value | Promise<Value>)): Value | Promise<Value> {
  return typeof value === "function" ? value() : value;
}

/** Keeps a client for a provider that is mounted. Call what it returns when that ends. */
export function hold(one: Kept): () => void {
  kept.add(one);
  one.providers++;
  clearTimeout(one.closing);
  return () => {
    if (--one.providers > 0) return;
    one.closing = setTimeout(() => {
      kept.delete(one);
      one.client.close();
    }, linger);
  };
}
