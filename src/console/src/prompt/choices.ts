import type { ThreadRow } from "@tinyvex/client";

const name = "tinyvex.choices";

/** What was chosen for the last new thread, to be offered for the next. */
export interface Choices {
  agent: string | null;
  directory: string;
}

export function readChoices(storage: Storage | null): Choices {
  try {
    const { agent, directory } = JSON.parse(storage?.getItem(name) ?? "{}") as Partial<Choices>;
    return { agent: typeof agent === "string" ? agent : null, directory: typeof directory === "string" ? directory : "" };
  } catch {
    return { agent: null, directory: "" };
  }
}

export function keepChoices(storage: Storage | null, choices: Choices): void {
  try {
    storage?.setItem(name, JSON.stringify(choices));
  } catch {
    // The storage is full; the next thread offers what was chosen before.
  }
}

/** Directories of known threads, the one used last first. */
export function directoriesOf(threads: readonly ThreadRow[]): string[] {
  return [...new Set(threads.flatMap((thread) => (thread.workingDirectory ? [thread.workingDirectory] : [])))].slice(0, 50);
}

/** Whether the server would take it: an absolute path, of its own system or of Windows. */
export function isAbsolute(directory: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(directory);
}
