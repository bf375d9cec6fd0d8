import { TinyvexClient, type TinyvexOptions } from "@tinyvex/client";

/** How long a client stays connected after its last provider is gone, in milliseconds: longer than a hot reload or a change of pages takes. */
const linger = 5_000;

interface Kept {
  readonly client: TinyvexClient;
  readonly key: string;
  readonly WebSocket: TinyvexOptions["WebSocket"];
  providers: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** Clients whose providers are mounted, or were a moment ago. Nothing comes in on a server, where no effect runs. */
const kept = new Map<TinyvexClient, Kept>();

/** What makes two providers ask for the same client. */
export function keyOf({ url, token, mode, name }: TinyvexOptions): string {
  const said = (value: unknown) => (typeof value === "function" ? "asked" : value);
  return JSON.stringify([said(url), said(token), mode, name]);
}

/** The client that was kept for these options, else a new one, which is forgotten unless it is held. */
export function clientFor(options: TinyvexOptions, latest: () => TinyvexOptions): TinyvexClient {
  const { url, token, WebSocket } = options;
  const isShared = typeof url === "string" && typeof token !== "function";
  const key = keyOf(options);
  for (const one of kept.values()) if (isShared && one.key === key && one.WebSocket === WebSocket) return one.client;
  return new TinyvexClient({
    ...options,
    // Functions may be written anew for each render; the last one knows best.
    ...(typeof url === "function" && { url: () => told(latest().url) }),
    ...(typeof token === "function" && { token: () => told(latest().token) }),
  });
}

function told<Value extends string | undefined>(value: Value | (() => Value | Promise<Value>)): Value | Promise<Value> {
  return typeof value === "function" ? value() : value;
}

/** Keeps a client for a provider that is mounted. Call what it returns when that ends. */
export function hold(client: TinyvexClient, options: TinyvexOptions): () => void {
  const one: Kept = kept.get(client) ?? { client, key: keyOf(options), WebSocket: options.WebSocket, providers: 0, closing: undefined };
  kept.set(client, one);
  one.providers++;
  clearTimeout(one.closing);
  return () => {
    if (--one.providers > 0) return;
    one.closing = setTimeout(() => {
      kept.delete(client);
      client.close();
    }, linger);
  };
}
