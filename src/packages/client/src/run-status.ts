import type { RunStatus } from "./protocol.js";

/** Whether a run has ended, which it does once. */
export function isOver({ status }: { status: RunStatus }): boolean {
  return status !== "queued" && status !== "running";
}
