import type { WebSocketConstructor, WebSocketLike } from "@tinyvex/client";

type Frame = { [field: string]: any };

/** The other end of a socket that exists in memory alone: the test says what the server says, and when. */
export class ScriptedSocket implements WebSocketLike {
  readyState = 0;
  onopen: ((event: any) => void) | null = null;
  onmessage: ((event: any) => void) | null = null;
  onclose: ((event: any) => void) | null = null;
  onerror: ((event: any) => void) | null = null;
  /** What the client sent but for its probes, oldest first. */
  readonly sent: Frame[] = [];
  probes = 0;
  closedWith: number | undefined;
  /** What a slow network has not taken yet. */
  bufferedAmount = 0;
  /** Whether a probe gets its answer. */
  isAnswering = true;

  constructor(readonly url: string, readonly protocols: string[]) {}

  send(data: string): void {
    if (this.readyState !== 1) throw new Error("the socket is not open");
    const frame = JSON.parse(data) as Frame;
    if (frame["control"] !== "debug.ping") {
      this.sent.push(frame);
      return;
    }

    this.probes++;
    if (this.isAnswering) this.say({ type: "echo", timestamp: 0 });
  }

  close(code?: number): void {
    this.readyState = 3;
    this.closedWith ??= code;
  }

  /** Accepts the connection; the client's probe makes it known as open. */
  open(): void {
    this.readyState = 1;
    this.onopen?.({});
  }

  say(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  drop(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  /** The last request of a control. */
  last(control: string): Frame {
    const found = this.sent.findLast((frame) => frame["control"] === control);
    if (!found) throw new Error(`nothing was sent with ${control}, only ${this.sent.map((frame) => frame["control"]).join(", ") || "nothing"}`);
    return found;
  }

  /** Answers the last request of a control. */
  answer(control: string, frame: Frame): void {
    this.say({ id: this.last(control)["id"], ...frame });
  }

  /** Answers the last query of a name with its rows. */
  answerQuery(name: string, rows: Frame[], nextPage: string | null = null): void {
    const asked = this.sent.findLast((frame) => frame["name"] === name);
    if (!asked) throw new Error(`nobody asked for ${name}`);
    this.say({ type: "tinyvex.query_result", id: asked["id"], name, rows, nextPage });
  }

  /** Answers what a thread's feed asks for its older items: a page of the timeline, then the requests of that time. */
  async answerOlder(timeline: Frame[], nextPage: string | null = null, requests: { permissions?: Frame[]; elicitations?: Frame[] } = {}): Promise<void> {
    this.answerQuery("timeline.list", timeline, nextPage);
    // Timers may stand still in a test.
    for (let i = 0; i < 20; i++) await undefined;
    this.answerQuery("permissions.list", requests.permissions ?? []);
    this.answerQuery("elicitations.list", requests.elicitations ?? []);
  }
}

/** Every socket that a client opened, the newest last. */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  readonly WebSocket: WebSocketConstructor;

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends ScriptedSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }
}

export function threadRow(id: string, more: Frame = {}): Frame {
  return {
    id, title: null, projectId: null, resumeId: null, source: "replay", workingDirectory: null, archived: false, createdAt: 1, updatedAt: 1, messageCount: 0,
    lastMessageTs: null, policy: "ask", policySetBy: null, mcpServers: [], additionalDirectories: null, ...more,
  };
}

export function messageRow(itemId: string, order: number, text: string, more: Frame = {}): Frame {
  return {
    id: order, threadId: "t1", itemId, order, role: "assistant", kind: "message", text, partial: true, seq: 1, textLen: text.length, ts: 1, createdAt: 1, updatedAt: 1, ...more,
  };
}

export function threadSnapshot(more: Frame = {}): Frame {
  return {
    type: "tinyvex.snapshot", stream: "thread", threadId: "t1", thread: threadRow("t1"), messages: [], toolCalls: [], runs: [], permissions: [], elicitations: [], terminals: [], nextPage: null,
    plan: null, state: null, cursor: "c0", ...more,
  };
}

export function chunk(itemId: string, order: number, seq: number, append: string, more: Frame = {}): Frame {
  return {
    type: "tinyvex.update", stream: "messages", threadId: "t1", itemId, kind: "message", role: "assistant", order, seq, fromSeq: seq, append, textLen: 0, ts: 1,
    cursor: `c${order}.${seq}`, ...more,
  };
}

export function finalize(itemId: string, seq: number, more: Frame = {}): Frame {
  return { type: "tinyvex.finalize", stream: "messages", threadId: "t1", itemId, kind: "message", role: "assistant", seq, textLen: 0, cursor: `f${seq}`, ...more };
}

export function runRow(runId: string, order: number, status: string, more: Frame = {}): Frame {
  return {
    runId, threadId: "t1", order, agent: "replay", prompt: [{ type: "text", text: "?" }], status, stopReason: null, error: null, createdAt: order, startedAt: null, finishedAt: null, stalledAt: null,
    ...more,
  };
}

export function permissionRow(requestId: string, order: number, status: string, more: Frame = {}): Frame {
  return {
    requestId, threadId: "t1", runId: "r1", order, toolCall: { toolCallId: "c1" }, options: [{ optionId: "once", name: "Allow", kind: "allow_once" }], status, outcome: null,
    answeredBy: null, createdAt: order, answeredAt: null, ...more,
  };
}

export function elicitationRow(requestId: string, order: number, status: string, more: Frame = {}): Frame {
  return {
    requestId, threadId: "t1", runId: "r1", order, request: { mode: "form", message: "Where to?", requestedSchema: { type: "object" } }, status, outcome: null,
    answeredBy: null, createdAt: order, answeredAt: null, ...more,
  };
}

/** A terminal whose output is ASCII, so that its bytes are its characters. */
export function terminalRow(terminalId: string, order: number, output: string, more: Frame = {}): Frame {
  return {
    threadId: "t1", terminalId, order, command: "make", args: ["all"], cwd: "/home/me", output, outputStart: 0, outputLen: output.length, status: "running", exitCode: null,
    signal: null, createdAt: order, exitedAt: null, updatedAt: order, ...more,
  };
}

export function terminalUpdate(row: Frame): Frame {
  return { type: "tinyvex.update", stream: "terminals", threadId: "t1", terminalId: row["terminalId"], row, cursor: "x" };
}

export function printed(terminalId: string, from: number, append: string, more: Frame = {}): Frame {
  const outputLen = from + new TextEncoder().encode(append).length;
  return { type: "tinyvex.update", stream: "terminals", threadId: "t1", terminalId, from, append, outputStart: 0, outputLen, cursor: `x${from}`, ...more };
}
