import type { ErrorCode } from "./protocol.js";

/** What the server can answer, and what can go wrong before it does. */
export type ClientErrorCode =
  | ErrorCode
  /** The connection was lost before the answer, and the request is not one to repeat. */
  | "disconnected"
  /** The client was closed. */
  | "closed"
  /** More requests wait than the outbox holds. */
  | "outbox_full"
  /** The server refuses the token. */
  | "refused";

/** A request that failed: the server's own words, or the client's where it never got there. */
export class TinyvexError extends Error {
  override readonly name = "TinyvexError";
  readonly code: ClientErrorCode;
  /** What the server added, such as the first answer of a permission request that was answered before. */
  readonly data: unknown;

  constructor(code: ClientErrorCode, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
