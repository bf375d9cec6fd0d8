import type { ElicitationRow, PermissionRow } from "./protocol.js";

/** The later of two states of a request: what overtakes comes again in its place, so an older one may come behind. */
export function laterRequest<Row extends PermissionRow | ElicitationRow>(known: Row | undefined, row: Row): Row {
  return known && rank(known) > rank(row) ? known : row;
}

function rank({ status }: PermissionRow | ElicitationRow): number {
  return status === "pending" ? 0 : status === "completed" ? 2 : 1;
}
