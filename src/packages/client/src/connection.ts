/*
 * One socket at a time, and what becomes of it:
 *
 *              connect()                  first frame
 *      idle ─────────────▶ connecting ─────────────────▶ open
 *       ▲                   ▲   │  │                       │
 *       │                   │   │  └─ closed ──┐  ┌─ closed┘   closed: by either side, or silent for too long
 *       │ close()           │   │              ▼  ▼
 *    from anywhere          │   │4401         waiting          longer with each attempt, with jitter
 *                           │   ▼              │
 *                           │ refused          │ its time has come, or the device woke up
 *                           │   │ connect()    │
 *                           └───┴──────────────┘
 *
 * A socket is "open" only with its first frame, as a server refuses a wrong token by closing a WebSocket that it has accepted.
 * A socket that was given up is never listened to again: each handler knows whose it is.
 */
import { closeCodes } from "./protocol.js";

export type ConnectionState = "idle" | "connecting" | "open" | "waiting" | "refused";

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** Attempts since the last connection that held; 0 while one does. */
  readonly attempt: number;
  /** Unix milliseconds of the next attempt, while waiting for it. */
  readonly retryAt: number | null;
  /** Why the last socket ended, in words for people. */
  readonly reason: string | null;
}

/** The part of the standard WebSocket that is used; that of browsers, Node 22, Bun, React Native and `ws` all have it. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly protocol?: string;
  /** Bytes that were given to `send` and are not with the network yet. */
  readonly bufferedAmount?: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

export interface ConnectionOptions {
  /** Asked anew for each socket, as a server that was restarted may have moved. */
  target: () => Promise<{ url: string; protocols: string[] }>;
  WebSocket: () => WebSocketConstructor;
  /** Whether another attempt may bring another token. */
  retryRefused: boolean;
  /** Milliseconds of the first wait and of the longest. */
  backoff: { first: number; longest: number };
  /** Milliseconds without a frame after which the server is asked whether it is there; it has half as long to answer. */
  silence: number;
  onStatus(status: ConnectionStatus): void;
  onOpen(): void;
  onText(text: string): void;
  onLost(): void;
}

const probe = '{"control":"debug.ping"}';
/** How long a connection must have held for the next wait to be short again, in milliseconds. */
const held = 5_000;
/** How long the server has to answer where the connection is in doubt, in milliseconds. */
const checkAnswer = 4_000;
/** How many times as long an answer may take after connections that were given up as silent. */
const mostPatience = 8;
const OPEN = 1;

export class Connection {
  readonly #options: ConnectionOptions;
  #socket: WebSocketLike | null = null;
  #status: ConnectionStatus = { state: "idle", attempt: 0, retryAt: null, reason: null };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  #attempts = 0;
  #openedAt = 0;
  #heardAt = 0;
  #isProbed = false;
  /** Bytes on their way out when it was last looked at. */
  #unsent = 0;
  /** Twice as long for each connection that was given up as silent: what comes slowly is heard only once it is whole. */
  #patience = 1;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Connects now, unless a socket is open or on its way. */
  connect(): void {
    if (this.#status.state === "connecting" || this.#status.state === "open") return;
    void this.#attempt();
  }

  close(): void {
    this.#give("closed by the client");
    this.#attempts = 0;
    this.#set("idle", null);
  }

  /** To be called when the network or the page is back: does not wait for its time, and finds out whether an open socket still is one. */
  wake(): void {
    if (this.#status.state === "waiting") void this.#attempt();
    else this.check();
  }

  /** To be called when an open socket may no longer be one: a network that is gone closes nothing. */
  check(): void {
    if (this.#status.state === "open" && !this.#isProbed) this.#probe(checkAnswer);
  }

  /** Sends where a socket is open; otherwise nothing happens. */
  send(text: string): void {
    if (this.#status.state === "open" && this.#socket?.readyState === OPEN) this.#socket.send(text);
  }

  async #attempt(): Promise<void> {
    this.#give("superseded");
    const mine = ++this.#generation;
    this.#attempts++;
    this.#set("connecting", this.#status.reason);
    let socket: WebSocketLike;
    try {
      const { url, protocols } = await this.#options.target();
      if (mine !== this.#generation) return;
      const WebSocket = this.#options.WebSocket();
      socket = new WebSocket(url, protocols);
    } catch (error) {
      if (mine === this.#generation) this.#wait(String(error));
      return;
    }

    this.#socket = socket;
    this.#watch(this.#options.silence);
    socket.onopen = () => {
      if (this.#socket === socket) socket.send(probe);
    };
    socket.onmessage = (event: { data: unknown }) => {
      if (this.#socket !== socket) return;
      // Any frame is a sign of life; the watch looks at this when its time comes, and is not set anew for each of thousands.
      this.#heardAt = Date.now();
      if (this.#isProbed) this.#patience = 1;
      this.#isProbed = false;
      if (this.#status.state !== "open") this.#opened();
      if (typeof event.data === "string") this.#options.onText(event.data);
    };
    socket.onerror = () => {};
    socket.onclose = (event: { code: number; reason?: string }) => {
      if (this.#socket !== socket) return;
      const reason = event.reason || (event.code === 1006 ? "the server cannot be reached" : `closed with ${event.code}`);
      if (event.code === closeCodes.token && !this.#options.retryRefused) {
        this.#give(reason);
        this.#set("refused", reason);
      } else {
        this.#lost(reason);
      }
    };
  }

  #opened(): void {
    this.#openedAt = this.#heardAt;
    this.#set("open", null);
    this.#watch(this.#options.silence);
    this.#options.onOpen();
  }

  #lost(reason: string): void {
    if (this.#status.state === "open" && Date.now() - this.#openedAt >= held) this.#attempts = 0;
    this.#give(reason);
    this.#wait(reason);
  }

  #wait(reason: string): void {
    const { first, longest } = this.#options.backoff;
    const delay = Math.min(longest, first * 2 ** Math.max(0, this.#attempts - 1)) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => void this.#attempt(), delay);
    this.#set("waiting", reason, Date.now() + delay);
  }

  /** Lets go of the socket, whatever it was about to say. */
  #give(reason: string): void {
    clearTimeout(this.#timer);
    this.#generation++;
    const socket = this.#socket;
    this.#socket = null;
    this.#isProbed = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000, reason.slice(0, 100));
    if (this.#status.state === "open") this.#options.onLost();
  }

  #watch(after: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const quiet = Date.now() - this.#heardAt;
      const unsent = this.#socket?.bufferedAmount ?? 0;
      if (this.#status.state === "open" && this.#isProbed && unsent < this.#unsent) {
        // The question waits behind a large request that is still on its way.
        this.#unsent = unsent;
        this.#watch(after);
      } else if (this.#isProbed || this.#status.state !== "open") {
        this.#patience = Math.min(mostPatience, this.#patience * 2);
        this.#lost("the server is silent");
      } else if (quiet >= this.#options.silence) this.#probe(this.#options.silence / 2);
      else this.#watch(this.#options.silence - quiet);
    }, after);
  }

  #probe(answer: number): void {
    this.#isProbed = true;
    this.send(probe);
    this.#unsent = this.#socket?.bufferedAmount ?? 0;
    this.#watch(answer * this.#patience);
  }

  #set(state: ConnectionState, reason: string | null, retryAt: number | null = null): void {
    this.#status = { state, attempt: state === "open" ? 0 : this.#attempts, retryAt, reason };
    this.#options.onStatus(this.#status);
  }
}
