export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
  /** Line numbers from 1; null on the side that does not have the line. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface Hunk {
  readonly lines: readonly DiffLine[];
}

export interface Diff {
  readonly hunks: readonly Hunk[];
  readonly added: number;
  readonly removed: number;
  /** What became of the newline at the end where that alone has changed. */
  readonly lastNewline: "added" | "removed" | null;
}

/** Lines around a change. */
const context = 3;
/** Changed lines up to which the shortest way is looked for; the search takes time by its square. */
const mostChanges = 600;

/** What changed from one text to the other, line by line, with some lines around each change. */
export function diffOf(before: string | null | undefined, after: string): Diff {
  const lines = diffLines(linesOf(before ?? ""), linesOf(after));
  const hunks = hunksOf(lines);
  return {
    hunks,
    lastNewline: hunks.length > 0 || (before ?? "") === after ? null : after.endsWith("\n") ? "added" : "removed",
    added: lines.filter((line) => line.kind === "added").length,
    removed: lines.filter((line) => line.kind === "removed").length,
  };
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function diffLines(a: string[], b: string[]): DiffLine[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;

  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  const take = (kind: DiffLine["kind"]) => {
    if (kind === "removed") lines.push({ kind, text: a[before]!, before: ++before, after: null });
    else if (kind === "added") lines.push({ kind, text: b[after]!, before: null, after: ++after });
    else lines.push({ kind, text: a[before]!, before: ++before, after: ++after });
  };

  for (let i = 0; i < head; i++) take("same");
  for (const kind of shortest(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) take(kind);
  for (let i = 0; i < tail; i++) take("same");
  return lines;
}

/** Myers' greedy way from one list to the other; all of one and then all of the other where they have too little in common. */
function shortest(a: string[], b: string[]): DiffLine["kind"][] {
  const most = Math.min(a.length + b.length, mostChanges);
  const reach = new Int32Array(2 * most + 3);
  const at = (k: number) => k + most + 1;
  const steps: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    steps.push(reach.slice());
    for (let k = -d; k <= d; k += 2) {
      const isDown = k === -d || (k !== d && reach[at(k - 1)]! < reach[at(k + 1)]!);
      let x = isDown ? reach[at(k + 1)]! : reach[at(k - 1)]! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[at(k)] = x;
      if (x >= a.length && x - k >= b.length) return backtrack(steps, at, a.length, b.length);
    }
  }

  return [...a.map(() => "removed" as const), ...b.map(() => "added" as const)];
}

function backtrack(steps: Int32Array[], at: (k: number) => number, x: number, y: number): DiffLine["kind"][] {
  const kinds: DiffLine["kind"][] = [];
  for (let d = steps.length - 1; d >= 0; d--) {
    const reach = steps[d]!;
    const k = x - y;
    const isDown = k === -d || (k !== d && reach[at(k - 1)]! < reach[at(k + 1)]!);
    const fromK = isDown ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : reach[at(fromK)]!;
    const fromY = d === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY) {
      kinds.push("same");
      x--;
      y--;
    }

    if (d > 0) kinds.push(isDown ? "added" : "removed");
    x = fromX;
    y = fromY;
  }

  return kinds.reverse();
}

function hunksOf(lines: DiffLine[]): Hunk[] {
  const hunks: Hunk[] = [];
  let start = -1;
  let last = -1;
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.kind === "same") continue;
    if (start < 0) start = Math.max(0, i - context);
    else if (i - last > 2 * context + 1) {
      hunks.push({ lines: lines.slice(start, last + context + 1) });
      start = i - context;
    }

    last = i;
  }

  if (start >= 0) hunks.push({ lines: lines.slice(start, last + context + 1) });
  return hunks;
}
