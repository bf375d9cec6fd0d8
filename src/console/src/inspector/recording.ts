import type { FrameEvent, TinyvexClient } from "@tinyvex/client";

export interface Recorded {
  readonly number: number;
  readonly at: number;
  readonly direction: "in" | "out";
  /** What kind of frame it is: its type or control, and what it is about. */
  readonly title: string;
  readonly threadId: string | null;
  readonly size: number;
  readonly frame: FrameEvent["frame"];
  /** Milliseconds from an update's `ts` to its arrival. */
  readonly lag: number | null;
}

/** Frames that are kept, and UTF-16 units of them together: a thousand snapshots would be too much for a page. */
export const mostFrames = 1_000;
export const mostUnits = 16_000_000;
/** Times between two tellings of a flood, in milliseconds. */
const telling = 200;

/** The last frames of a client's connection. */
export class Recording {
  readonly #listeners = new Set<() => void>();
  #frames: Recorded[] = [];
  #shown: readonly Recorded[] = [];
  #units = 0;
  #lastNumber = 0;
  #hasBegun = false;
  #stop: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get isOn(): boolean {
    return this.#stop !== null;
  }

  /** Starts it where nobody has started or paused it yet. */
  begin(client: Pick<TinyvexClient, "onFrame">): void {
    if (!this.#hasBegun) this.start(client);
  }

  start(client: Pick<TinyvexClient, "onFrame">): void {
    this.#hasBegun = true;
    this.#stop ??= client.onFrame((event) => this.#take(event));
    this.#tell();
  }

  pause(): void {
    this.#stop?.();
    this.#stop = null;
    this.#tell();
  }

  clear(): void {
    this.#frames = [];
    this.#units = 0;
    this.#tell();
  }

  readonly getFrames = (): readonly Recorded[] => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #take({ direction, frame, size }: FrameEvent): void {
    const at = Date.now();
    const ts = "ts" in frame && typeof frame.ts === "number" ? frame.ts : null;
    this.#frames.push({
      number: ++this.#lastNumber, at, direction, title: titleOf(frame), threadId: threadOf(frame), size, frame,
      lag: direction === "in" && ts !== null ? at - ts : null,
    });
    this.#units += size;
    let surplus = 0;
    while (this.#frames.length - surplus > mostFrames || (this.#units > mostUnits && surplus < this.#frames.length - 1)) this.#units -= this.#frames[surplus++]!.size;
    if (surplus > 0) this.#frames.splice(0, surplus);
    this.#timer ??= setTimeout(() => this.#tell(), telling);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#shown = [...this.#frames];
    for (const listener of [...this.#listeners]) listener();
  }
}

function titleOf(frame: FrameEvent["frame"]): string {
  const { control, type, stream, name } = frame as { control?: string; type?: string; stream?: string; name?: string };
  return [control ?? type, stream ?? name].filter(Boolean).join(" ");
}

function threadOf(frame: FrameEvent["frame"]): string | null {
  const { threadId, args } = frame as { threadId?: unknown; args?: { threadId?: unknown } };
  return typeof threadId === "string" ? threadId : typeof args?.threadId === "string" ? args.threadId : null;
}

export interface Lag {
  readonly median: number;
  readonly most: number;
  readonly count: number;
}

/** How late updates were, over the frames that say when they were made. */
export function lagOf(frames: readonly Recorded[]): Lag | null {
  const lags = frames.flatMap(({ lag }) => (lag === null ? [] : [lag])).sort((a, b) => a - b);
  return lags.length === 0 ? null : { median: lags[lags.length >> 1]!, most: lags.at(-1)!, count: lags.length };
}

/** The frames that hold all words of the filter, in their title, thread or text. */
export function filtered(frames: readonly Recorded[], filter: string, direction: "in" | "out" | "both"): readonly Recorded[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && direction === "both") return frames;
  return frames.filter((one) => {
    if (direction !== "both" && one.direction !== direction) return false;
    const title = `${one.title} ${one.threadId ?? ""}`.toLowerCase();
    return words.every((word) => title.includes(word) || JSON.stringify(one.frame).toLowerCase().includes(word));
  });
}
