export interface ChangedLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Lines that are shown around a change. */
const around = 3;

/** What a diff changes: the lines between what both texts begin and end with, and a few around them. */
export function changedLines(before: string, after: string): ChangedLine[] {
  const old = before === "" ? [] : before.split("\n");
  const now = after === "" ? [] : after.split("\n");
  const least = Math.min(old.length, now.length);
  let start = 0;
  while (start < least && old[start] === now[start]) start++;
  let end = 0;
  while (end < least - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const lines = (kind: ChangedLine["kind"], texts: string[]) => texts.map((text) => ({ kind, text }));
  return [
    ...lines("same", old.slice(Math.max(0, start - around), start)),
    ...lines("removed", old.slice(start, old.length - end)),
    ...lines("added", now.slice(start, now.length - end)),
    ...lines("same", old.slice(old.length - end, old.length - end + around)),
  ];
}
