import { useConnection } from "@tinyvex/react";

const words = { idle: "not connected", connecting: "connecting", open: "connected", waiting: "not connected", refused: "refused" } as const;

/** The connection in one word, or as a dot of its colour where there is no room for it. */
export function ConnectionStatus({ isSmall = false }: { isSmall?: boolean }) {
  const { state, reason } = useConnection();
  return (
    <span className={`connection ${state}`} title={reason ?? words[state]}>
      <span className="connection-dot" aria-hidden="true" />
      <span className="visually-hidden">Connection: </span>
      <span className={isSmall ? "visually-hidden" : undefined}>{words[state]}</span>
    </span>
  );
}
