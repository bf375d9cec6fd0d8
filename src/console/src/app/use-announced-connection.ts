import type { ConnectionState } from "@tinyvex/client";
import { useEffect, useRef } from "react";
import { announce } from "./news.js";

/** Tells a screen reader of a lost connection and of its return, but not of each attempt. */
export function useAnnouncedConnection(state: ConnectionState): void {
  const said = useRef<"open" | "lost" | null>(null);
  useEffect(() => {
    if (state === "open") {
      if (said.current === "lost") announce("Connected again");
      said.current = "open";
    } else if (state === "waiting" && said.current === "open") {
      announce("The connection was lost");
      said.current = "lost";
    }
  }, [state]);
}
