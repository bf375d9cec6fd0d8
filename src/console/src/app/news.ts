/** Something that failed, with a number that no other has. */
export interface Failure {
  readonly id: number;
  readonly text: string;
}

interface News {
  /** What a screen reader says, and which one it is: the same words twice are to be said twice. */
  readonly said: { readonly text: string; readonly count: number };
  /** What is shown, the oldest first. */
  readonly failures: readonly Failure[];
}

/** Failures that are shown at once. Of more the last ones count. */
export const mostFailures = 3;
/** Milliseconds that one is shown: enough to look up and to read three lines. */
export const shownFor = 12_000;

let now: News = { said: { text: "", count: 0 }, failures: [] };
let lastId = 0;
const listeners = new Set<() => void>();

export function news(): News {
  return now;
}

export function listenToNews(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Has a screen reader say something when it is done with what it says now. */
export function announce(text: string): void {
  tell({ ...now, said: { text, count: now.said.count + 1 } });
}

/** Shows everybody that something failed, for some seconds, where there is no place of its own for that. */
export function announceFailure(text: string): void {
  const failure = { id: ++lastId, text };
  tell({ ...now, failures: [...now.failures, failure].slice(-mostFailures) });
  setTimeout(() => dismissFailure(failure.id), shownFor);
}

export function dismissFailure(id: number): void {
  if (now.failures.some((one) => one.id === id)) tell({ ...now, failures: now.failures.filter((one) => one.id !== id) });
}

function tell(next: News): void {
  now = next;
  for (const listener of [...listeners]) listener();
}
