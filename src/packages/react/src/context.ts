import type { TinyvexClient } from "@tinyvex/client";
import { createContext, useContext } from "react";

export const ClientContext = createContext<TinyvexClient | null>(null);

/** The client of the nearest provider: for requests, queries and feeds that have no hook of their own. */
export function useTinyvex(): TinyvexClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error("There is no TinyvexProvider around this component.");
  return client;
}
