import { TinyvexError } from "./errors.js";
import type { ErrorFrame, ServerFrame } from "./protocol.js";
import { utf8Length } from "./utf8.js";

/** Bytes of a frame that a server takes; it ends the connection of whoever sends more. */
const mostFrame = 16 * 1024 * 1024;

interface Request {
  text: string;
  isSent: boolean;
  isRepeatable: boolean;
  answered(frame: ServerFrame): void;
  failed(error: TinyvexError): void;
}

interface Waiting extends Request {
  bytes: number;
}

/**
 * Requests without an answer yet, in the order they were made. Those that can be repeated are sent again on the next connection: reads as
 * they have no effect, writes as they carry a key by which the server knows them again.
 */
export class Outbox {
  readonly #waiting = new Map<string, Waiting>();
  readonly #most: { requests: number; bytes: number };
  #bytes = 0;

  constructor(most: { requests: number; bytes: number }) {
    this.#most = most;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** @throws {TinyvexError} `too_large` where it could never be sent, `outbox_full` where it cannot wait now. */
  add(id: string, request: Request): void {
    const bytes = utf8Length(request.text);
    const most = Math.min(mostFrame, this.#most.bytes);
    if (bytes > most) throw new TinyvexError("too_large", `the request has ${bytes} bytes; at most ${most} can be sent`);
    if (this.#waiting.size >= this.#most.requests || this.#bytes + bytes > this.#most.bytes) {
      throw new TinyvexError("outbox_full", `${this.#waiting.size} requests wait for an answer already; try again once they are answered`);
    }

    this.#waiting.set(id, { ...request, bytes });
    this.#bytes += bytes;
  }

  /** Sends what waits, in order. */
  flush(send: (text: string) => void): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.isSent) continue;
      waiting.isSent = true;
      send(waiting.text);
    }
  }

  /** What was sent is sent again later, or has failed where it must not be. */
  lost(): void {
    for (const [id, waiting] of [...this.#waiting]) {
      if (waiting.isRepeatable) waiting.isSent = false;
      else if (waiting.isSent) this.take(id)?.failed(new TinyvexError("disconnected", "the connection was lost before the answer"));
    }
  }

  /** Takes an answer; false where nobody waits for it. */
  settle(id: string, frame: ServerFrame): boolean {
    const waiting = this.take(id);
    if (!waiting) return false;
    if (frame.type === "tinyvex.error") waiting.failed(errorOf(frame));
    else waiting.answered(frame);
    return true;
  }

  take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting) {
      this.#waiting.delete(id);
      this.#bytes -= waiting.bytes;
    }

    return waiting;
  }

  fail(error: TinyvexError): void {
    for (const id of [...this.#waiting.keys()]) this.take(id)?.failed(error);
  }
}

function errorOf(frame: ErrorFrame): TinyvexError {
  return new TinyvexError(frame.code, frame.message, frame.data);
}
