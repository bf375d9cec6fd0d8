/** Before the thread that a draft is of. */
const prefix = "tinyvex.draft.";
/** Where a console of before kept those of all threads together. */
const allTogether = "tinyvex.drafts";
/** Drafts that are kept, those written last; and UTF-16 units of each. */
export const mostDrafts = 50;
export const longestDraft = 50_000;

/** A prompt on its way to the server. */
export interface Sent {
  readonly thread: string;
  readonly text: string;
}

/**
 * What was typed and not sent, by thread, for the boxes that show it. It survives a reload where the browser has a storage, and so does a prompt until
 * the server has it. Each thread has a key of its own, so that two tabs are in each other's way only in the same thread.
 */
export class Drafts {
  readonly #storage: Storage | null;
  /** What is shown, or could not be kept: the rest is in the storage alone. */
  readonly #typed = new Map<string, string>();
  readonly #sending = new Set<Sent>();
  /** What this page has put into the storage or read there, to tell it from what another tab has. */
  readonly #kept = new Map<string, string>();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(storage: Storage | null) {
    this.#storage = storage;
    for (const [thread, text] of takeAllTogether(storage)) this.set(thread, text);
  }

  get(thread: string): string {
    let typed = this.#typed.get(thread);
    if (typed === undefined) {
      typed = textOf(this.#read(thread));
      this.#typed.set(thread, typed);
      this.#kept.set(thread, typed);
    }

    return typed;
  }

  set(thread: string, text: string): void {
    this.#typed.delete(thread);
    this.#typed.set(thread, text);
    this.#write(thread);
    for (const listener of [...(this.#listeners.get(thread) ?? [])]) listener();
  }

  /** The draft becomes a prompt, and is still kept. To be followed by `sent` or `failed`. */
  send(thread: string): Sent {
    const sent = { thread, text: this.get(thread) };
    this.#sending.add(sent);
    this.set(thread, "");
    return sent;
  }

  sent(sent: Sent): void {
    if (this.#sending.delete(sent)) this.#write(sent.thread);
  }

  /** The prompt is a draft again, before what was begun meanwhile. */
  failed(sent: Sent): void {
    if (this.#sending.delete(sent)) this.set(sent.thread, joined([sent.text, this.get(sent.thread)]));
  }

  /** Tells of each change of a thread's draft. Call what it returns to stop. */
  subscribe(thread: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(thread) ?? new Set();
    this.#listeners.set(thread, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.#listeners.delete(thread);
      this.#forget(thread);
    };
  }

  /** Another tab has changed its storage: what it has sent or thrown away is none here either, unless more was typed here. */
  changed(key: string | null, before: string | null, after: string | null): void {
    if (key === null || !key.startsWith(prefix) || after !== null) return;
    const thread = key.slice(prefix.length);
    const typed = this.#typed.get(thread);
    if (typed === undefined || typed === "" || typed !== textOf(before)) return;
    this.#kept.delete(thread);
    this.set(thread, "");
  }

  /** What nobody shows is read again the next time, as another tab may have changed it, unless the storage does not have it. */
  #forget(thread: string): void {
    if (textOf(this.#read(thread)) === this.#whole(thread) && !this.#isSending(thread)) this.#typed.delete(thread);
  }

  #isSending(thread: string): boolean {
    return [...this.#sending].some((sent) => sent.thread === thread);
  }

  #whole(thread: string): string {
    return joined([...[...this.#sending].flatMap((sent) => (sent.thread === thread ? [sent.text] : [])), this.#typed.get(thread) ?? ""]);
  }

  #read(thread: string): string | null {
    return this.#storage?.getItem(prefix + thread) ?? null;
  }

  #write(thread: string): void {
    const text = this.#whole(thread);
    const isNone = text === "" || text.length > longestDraft;
    // What another tab has begun is not this one's to take away.
    if (isNone && textOf(this.#read(thread)) !== (this.#kept.get(thread) ?? "")) return this.#bound();
    try {
      if (isNone) this.#storage?.removeItem(prefix + thread);
      else this.#storage?.setItem(prefix + thread, JSON.stringify({ text, at: Date.now() }));
      this.#kept.set(thread, isNone ? "" : text);
    } catch {
      // The storage is full. The drafts of this page are still in memory.
    }

    this.#bound();
  }

  #bound(): void {
    const keys = this.#storage ? Array.from({ length: this.#storage.length }, (_, at) => this.#storage!.key(at)!).filter((key) => key.startsWith(prefix)) : [];
    if (keys.length > mostDrafts) {
      const ages = keys.map((key) => ({ key, at: timeOf(this.#storage!.getItem(key)) })).sort((a, b) => a.at - b.at);
      for (const { key } of ages.slice(0, keys.length - mostDrafts)) {
        this.#storage!.removeItem(key);
        if (!this.#listeners.has(key.slice(prefix.length))) this.#typed.delete(key.slice(prefix.length));
      }
    }

    for (const oldest of this.#typed.keys()) {
      if (this.#typed.size <= mostDrafts) break;
      if (!this.#listeners.has(oldest)) this.#typed.delete(oldest);
    }

    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostDrafts) break;
      if (!this.#typed.has(oldest)) this.#kept.delete(oldest);
    }
  }
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n\n");
}

/** Another program may have written there; what is no draft is none. */
function parsed(kept: string | null): { text?: unknown; at?: unknown } {
  try {
    return (JSON.parse(kept ?? "null") as object | null) ?? {};
  } catch {
    return {};
  }
}

function textOf(kept: string | null): string {
  const { text } = parsed(kept);
  return typeof text === "string" ? text : "";
}

function timeOf(kept: string | null): number {
  const { at } = parsed(kept);
  return typeof at === "number" ? at : 0;
}

/** What a console of before has kept, once: then it is gone there. */
function takeAllTogether(storage: Storage | null): [string, string][] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(allTogether) ?? "[]");
    storage?.removeItem(allTogether);
    return Array.isArray(kept) ? kept.filter((one): one is [string, string] => Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === "string")) : [];
  } catch {
    return [];
  }
}
