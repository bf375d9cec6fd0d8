import type { RunningServer } from "./errors.js";

/** The line with which a server says that it listens. */
export interface ReadyLine {
  readonly type: "tinyvex.ready";
  readonly url: string;
  readonly ws: string;
  readonly port: number;
  /** Only where the server made it. */
  readonly token?: string;
  readonly pid: number;
  readonly version: string;
  readonly storeId: string;
  readonly db: string;
}

/** The line of a server that found another one at its database. */
export interface AlreadyRunningLine extends RunningServer {
  readonly type: "tinyvex.already_running";
}

export type Announcement = ReadyLine | AlreadyRunningLine;

/** What the one line on stdout says, or undefined where it is none of the server's. */
export function parseAnnouncement(line: string): Announcement | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (isRecord(value) && value["type"] === "tinyvex.already_running") return value as unknown as AlreadyRunningLine;
  return isReady(value) ? value : undefined;
}

function isReady(value: unknown): value is ReadyLine {
  return (
    isRecord(value) &&
    value["type"] === "tinyvex.ready" &&
    ["url", "ws", "version", "storeId", "db"].every((field) => typeof value[field] === "string") &&
    ["port", "pid"].every((field) => typeof value[field] === "number")
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
