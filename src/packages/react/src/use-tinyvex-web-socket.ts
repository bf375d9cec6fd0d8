import type { ControlName, Controls, ServerFrame, TinyvexClient } from "@tinyvex/client";
import { useMemo } from "react";
import { useTinyvex } from "./context.js";
import { useConnection } from "./use-connection.js";

export interface TinyvexWebSocket {
  readonly connected: boolean;
  readonly connecting: boolean;
  /** Why there is no connection, in words for people. */
  readonly error: string | null;
  /** Sends a request, now or once there is a connection. @throws {TinyvexError} the server's error. */
  send: TinyvexClient["request"];
  /** Calls `listener` with each frame of the server. Call what it returns to stop. */
  subscribe(listener: (frame: ServerFrame) => void): () => void;
  connect(): void;
  /** Ends the connection of all hooks under the provider, until `connect` or the next request. */
  disconnect(): void;
}

/** The one connection that all hooks under the provider share, for those who want its frames. */
export function useTinyvexWebSocket(): TinyvexWebSocket {
  const client = useTinyvex();
  const { state, reason } = useConnection();
  return useMemo(
    () => ({
      connected: state === "open",
      connecting: state === "connecting" || state === "waiting",
      error: state === "open" || state === "idle" ? null : reason,
      send: <Control extends ControlName>(control: Control, fields: Controls[Control]["request"]) => client.request(control, fields),
      subscribe: (listener) =>
        client.onFrame(({ direction, frame }) => {
          if (direction === "in") listener(frame as ServerFrame);
        }),
      connect: () => client.connect(),
      disconnect: () => client.close(),
    }),
    [client, state, reason],
  );
}
