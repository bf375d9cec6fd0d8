import { describe, expect, it } from "vitest";
import { diffOf, type Diff } from "../../../src/console/src/conversation/diff.ts";

const lines = (diff: Diff) => diff.hunks.flatMap((hunk) => hunk.lines);
const text = (...all: string[]) => all.map((line) => `${line}\n`).join("");
const signs = { same: " ", added: "+", removed: "-" };
const drawn = (diff: Diff) => lines(diff).map((line) => signs[line.kind] + line.text);

/** The same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

describe("a diff", () => {
  it("is the shortest", () => {
    expect(drawn(diffOf(text("a", "b", "c"), text("a", "x", "c")))).toEqual([" a", "-b", "+x", " c"]);
    expect(diffOf(text("a", "b", "c", "d"), text("b", "c", "d", "e"))).toMatchObject({ added: 1, removed: 1 });
  });

  it("numbers the lines of both sides", () => {
    const [, removed, added, after] = lines(diffOf(text("a", "b", "c"), text("a", "x", "c")));
    expect(removed).toMatchObject({ before: 2, after: null });
    expect(added).toMatchObject({ before: null, after: 2 });
    expect(after).toMatchObject({ before: 3, after: 3 });
  });

  it("shows three lines around a change, and cuts where nothing changes", () => {
    const before = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    const after = before.map((line, i) => (i === 5 || i === 30 ? `${line}!` : line));
    const { hunks } = diffOf(text(...before), text(...after));
    expect(hunks.map((hunk) => hunk.lines.length)).toEqual([8, 8]);
    expect(hunks[1]!.lines[0]).toMatchObject({ text: "line 27", before: 28 });
  });

  it("joins changes whose surroundings touch", () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const after = before.map((line, i) => (i === 5 || i === 12 ? `${line}!` : line));
    const { hunks } = diffOf(text(...before), text(...after));
    expect(hunks).toHaveLength(1);
    expect(hunks[0]!.lines.filter((line) => line.text === "line 9")).toHaveLength(1);
  });

  it.each([null, undefined, ""])("of a new file (%j) is all added", (before) => expect(drawn(diffOf(before, text("a", "b")))).toEqual(["+a", "+b"]));

  it("of the same text is empty", () => expect(diffOf(text("a"), text("a"))).toEqual({ hunks: [], lastNewline: null, added: 0, removed: 0 }));

  it("leads from one text to the other, whatever they are", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed);
      const some = () => Array.from({ length: Math.floor(next() * 12) }, () => "abcd"[Math.floor(next() * 4)]!);
      const [before, after] = [some(), some()];
      const all = lines(diffOf(text(...before), text(...after)));
      // So short that no line is left out, unless nothing changes.
      if (all.length === 0) expect(before).toEqual(after);
      const shown = (side: "before" | "after") => all.filter((line) => line[side] !== null);
      for (const [side, whole] of [["before", before], ["after", after]] as const) {
        for (const line of shown(side)) expect(line.text).toBe(whole[line[side]! - 1]);
      }

      expect(all.filter((line) => line.kind === "removed")).toHaveLength(before.length - all.filter((l) => l.kind === "same").length - (before.length - shown("before").length));
      const patched = [...before];
      for (const line of all.toReversed()) if (line.kind === "removed") patched.splice(line.before! - 1, 1);
      for (const line of all) if (line.kind === "added") patched.splice(line.after! - 1, 0, line.text);
      expect(patched).toEqual(after);
    }
  });

  it("gives up the shortest way where nearly all changes, and still is right", () => {
    const before = Array.from({ length: 2_000 }, (_, i) => `old ${i}`);
    const after = Array.from({ length: 2_000 }, (_, i) => `new ${i}`);
    expect(diffOf(text(...before), text(...after))).toMatchObject({ added: 2_000, removed: 2_000 });
  });

  it("says what became of the newline at the end where nothing else changes", () => {
    expect(diffOf("a\nb", "a\nb\n")).toMatchObject({ hunks: [], lastNewline: "added" });
    expect(diffOf("a\n", "a")).toMatchObject({ hunks: [], lastNewline: "removed" });
    for (const [before, after] of [["a\n", "a\n"], ["a", "b\n"], ["", "\n"], ["", ""]] as const) expect(diffOf(before, after).lastNewline).toBeNull();
  });
});
