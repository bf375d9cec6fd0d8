import { TinyvexError, type AgentRow, type TinyvexClient } from "@tinyvex/client";
import { announce, announceFailure } from "../app/news.js";

/** A login that was begun here, of one agent. */
export interface Login {
  readonly methodId: string;
  readonly startedAt: number;
  readonly isWaiting: boolean;
  /** Why it failed; null while it waits, and where it did not. */
  readonly problem: string | null;
}

interface Waiting extends Login {
  readonly giveUp: AbortController;
}

/** Logins by agent. They take minutes, so they go on while other pages are looked at. */
const logins = new Map<string, Login | Waiting>();
const listeners = new Set<() => void>();

export function loginOf(agent: string): Login | undefined {
  return logins.get(agent);
}

export function listenToLogins(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Logs an agent in. Never fails: what became of it is told to those who listen. */
export async function logIn(client: TinyvexClient, { name, title }: AgentRow, methodId: string): Promise<void> {
  if (logins.get(name)?.isWaiting) return;
  const giveUp = new AbortController();
  const waiting: Waiting = { methodId, startedAt: Date.now(), isWaiting: true, problem: null, giveUp };
  set(name, waiting);
  announce(`Logging in to ${title}`);
  let problem: string | null = null;
  try {
    await client.request("agent.authenticate", { agent: name, methodId }, { signal: giveUp.signal });
    announce(`Logged in to ${title}`);
  } catch (error) {
    if (giveUp.signal.aborted) return;
    const { message } = error as Error;
    problem = error instanceof TinyvexError && error.code === "disconnected" ? `Nobody knows whether it is logged in: ${message}` : `Not logged in: ${message}`;
    // Nobody sees it at its place.
    if (listeners.size === 0) announceFailure(`${title}: ${problem}`);
  }

  set(name, { ...waiting, isWaiting: false, problem });
}

/** Waits no longer. The agent is not told, and may still be logged in. */
export function stopWaiting(agent: string): void {
  const login = logins.get(agent);
  if (!login || !("giveUp" in login) || !login.isWaiting) return;
  logins.delete(agent);
  login.giveUp.abort();
  tell();
}

function set(agent: string, login: Login | Waiting): void {
  logins.set(agent, login);
  tell();
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}
