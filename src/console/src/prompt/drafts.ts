const name = "tinyvex.drafts";
/** Drafts that are kept, those written last; and UTF-16 units of each. */
export const mostDrafts = 50;
export const longestDraft = 50_000;

/** What was typed and not sent, by thread. It survives a reload where the browser has a storage. */
export class Drafts {
  readonly #storage: Storage | null;
  readonly #drafts: Map<string, string>;

  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#drafts = new Map(read(storage));
  }

  get(thread: string): string {
    return this.#drafts.get(thread) ?? "";
  }

  set(thread: string, text: string): void {
    this.#drafts.delete(thread);
    if (text !== "") this.#drafts.set(thread, text);
    for (const oldest of this.#drafts.keys()) {
      if (this.#drafts.size <= mostDrafts) break;
      this.#drafts.delete(oldest);
    }

    const kept = [...this.#drafts].filter(([, draft]) => draft.length <= longestDraft);
    try {
      this.#storage?.setItem(name, JSON.stringify(kept));
    } catch {
      // The storage is full. The drafts of this page are still in memory.
    }
  }
}

/** Another program or an older console may have written there; what is no draft is left out. */
function read(storage: Storage | null): [string, string][] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(name) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one): one is [string, string] => Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === "string")) : [];
  } catch {
    return [];
  }
}
