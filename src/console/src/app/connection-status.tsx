import { useEffect, useRef } from "react";
import { useConnection } from "../hooks.js";
import { announce } from "./announcer.js";

const words = { idle: "not connected", connecting: "connecting", open: "connected", waiting: "not connected", refused: "refused" } as const;

/** The connection in one word, always in view. */
export function ConnectionStatus() {
  const { state, reason } = useConnection();
  const wasOpen = useRef(false);
  useEffect(() => {
    if (state === "open") {
      if (wasOpen.current) announce("Connected again");
      wasOpen.current = true;
    } else if (state === "waiting" && wasOpen.current) {
      announce("The connection was lost");
    }
  }, [state]);
  return (
    <span className={`connection ${state}`} title={reason ?? undefined} data-testid="connection">
      <span className="connection-dot" aria-hidden="true" />
      <span className="visually-hidden">Connection: </span>
      {words[state]}
    </span>
  );
}
