import { createContext, useContext } from "react";
import type { Session } from "./session.js";
import type { TokenStore } from "./token-store.js";

interface SignedIn {
  readonly session: Session;
  readonly tokens: TokenStore;
}

export const SessionContext = createContext<SignedIn | null>(null);

export function useSession(): SignedIn {
  const signedIn = useContext(SessionContext);
  if (!signedIn) throw new Error("useSession is for those who are signed in");
  return signedIn;
}
