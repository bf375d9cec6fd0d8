import type { AvailableCommand } from "@tinyvex/client";

/** More are found by typing on; an agent may offer any number. */
export const mostCommands = 100;

/** What is typed of a command's name up to the caret, without the slash; null where no command is being typed. */
export function typedCommand(text: string, caret: number): string | null {
  const name = /^\/(\S*)$/.exec(text.slice(0, caret));
  return name ? name[1]! : null;
}

/** Commands whose name has what is typed, those that begin with it first. What an agent sent in another shape is left out. */
export function commandsFor(typed: string, commands: readonly AvailableCommand[]): AvailableCommand[] {
  const wanted = typed.toLowerCase();
  const found = commands.flatMap((command) => {
    if (typeof command?.name !== "string" || command.name === "") return [];
    const at = command.name.toLowerCase().indexOf(wanted);
    return at < 0 ? [] : [{ command, isLater: at > 0 ? 1 : 0 }];
  });
  // The order of the agent's own within both.
  return found.sort((a, b) => a.isLater - b.isLater).slice(0, mostCommands).map(({ command }) => command);
}

/** The prompt with a command in place of the one that is being typed, and where its input goes. What stands behind it stays. */
export function withCommand(text: string, { name }: AvailableCommand): { text: string; caret: number } {
  const begin = `/${name} `;
  return { text: begin + text.replace(/^\/\S*\s?/, ""), caret: begin.length };
}

/** What the command takes that the prompt consists of; null once something of it is typed. */
export function missingInput(text: string, commands: readonly AvailableCommand[]): string | null {
  const name = /^\/(\S+)\s*$/.exec(text)?.[1];
  const hint = name && commands.find((command) => command?.name === name)?.input?.hint;
  return typeof hint === "string" && hint !== "" ? hint : null;
}
