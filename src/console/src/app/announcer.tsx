import { useSyncExternalStore } from "react";

/** The message, and which one it is: the same words twice are to be said twice. */
let said = { text: "", count: 0 };
const listeners = new Set<() => void>();

/** Has a screen reader say something when it is done with what it says now. */
export function announce(text: string): void {
  said = { text, count: said.count + 1 };
  for (const listener of [...listeners]) listener();
}

/** The live region that `announce` speaks through. There is one on the page. */
export function Announcer() {
  const { text, count } = useSyncExternalStore(subscribe, () => said);
  return (
    <div role="status" aria-live="polite" className="visually-hidden" data-testid="announcer">
      <span key={count}>{text}</span>
    </div>
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
