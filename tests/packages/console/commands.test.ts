import type { AvailableCommand } from "@tinyvex/client";
import { describe, expect, it } from "vitest";
import { commandsFor, missingInput, mostCommands, typedCommand, withCommand } from "../../../src/console/src/prompt/commands.ts";

const command = (name: string, hint?: string): AvailableCommand => ({ name, description: `What ${name} does`, input: hint === undefined ? null : { hint } });
const names = (commands: readonly AvailableCommand[]) => commands.map(({ name }) => name);

describe("a command", () => {
  it.each<[string, number, string | null]>([
    ["/", 1, ""], ["/re", 3, "re"], ["/re", 1, ""], ["/plugin:a-b", 11, "plugin:a-b"], ["/re more", 3, "re"],
    ["/re", 0, null], ["", 0, null], ["re", 2, null], [" /re", 4, null], ["/re ", 4, null], ["/re\n", 4, null], ["see /re", 7, null], ["a\n/re", 5, null],
  ])("is typed in %j at %i: %j", (text, caret, typed) => expect(typedCommand(text, caret)).toBe(typed));

  it.each([
    ["/re", "/review ", 8],
    ["/", "/review ", 8],
    ["/re the last commit", "/review the last commit", 8],
    ["/re\nthe last commit", "/review the last commit", 8],
  ])("takes the place of %j", (text, whole, caret) => expect(withCommand(text, command("review"))).toEqual({ text: whole, caret }));

  it.each([["/review", "which"], ["/review ", "which"], ["/review that", null], ["/rev", null], ["review", null], ["/init ", null]])(
    "says for %j what it takes: %j", (text, hint) => expect(missingInput(text, [command("review", "which"), command("init")])).toBe(hint));
});

describe("the commands to choose from", () => {
  const all = [command("zed:review"), command("review"), command("init"), command("Review-branch")];

  it("are all of the agent's, in its order, while nothing is typed", () => expect(commandsFor("", all)).toEqual(all));

  it("begin with what is typed, and then have it", () => expect(names(commandsFor("rev", all))).toEqual(["review", "Review-branch", "zed:review"]));

  it("are none where no name has it", () => expect(commandsFor("what", all)).toEqual([]));

  it("are bounded, and what was typed on is still found", () => {
    const many = Array.from({ length: mostCommands + 50 }, (_, i) => command(`c${i}`));
    expect(commandsFor("", many)).toHaveLength(mostCommands);
    expect(names(commandsFor(`c${mostCommands + 49}`, many))).toEqual([`c${mostCommands + 49}`]);
  });

  it("leave out what an agent sent in another shape", () => {
    const strange = [null, "review", {}, { name: 7 }, { name: "" }, { name: "ok" }] as unknown as AvailableCommand[];
    expect(commandsFor("", strange)).toEqual([{ name: "ok" }]);
    expect(missingInput("/ok", [...strange, { name: "ok", input: { hint: 7 } } as unknown as AvailableCommand])).toBeNull();
  });
});
