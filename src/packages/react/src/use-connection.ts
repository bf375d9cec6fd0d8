import type { ConnectionStatus } from "@tinyvex/client";
import { useSyncExternalStore } from "react";
import { useTinyvex } from "./context.js";

const unconnected: ConnectionStatus = { state: "idle", attempt: 0, retryAt: null, reason: null };
const getUnconnected = () => unconnected;

/** Whether there is a connection, and when the next attempt is. */
export function useConnection(): ConnectionStatus {
  const client = useTinyvex();
  return useSyncExternalStore(client.onStatus, client.getStatus, getUnconnected);
}
