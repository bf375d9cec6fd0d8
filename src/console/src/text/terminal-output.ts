import { visibleOutput } from "./visible-text.js";

/** The end of an output, of at most so many lines, as a terminal would leave it on the screen: of a line that was begun anew, what was written last. */
export function lastLines(output: string, lines: number): { text: string; isAll: boolean } {
  let at = output.endsWith("\n") ? output.length - 1 : output.length;
  let left = lines;
  while (left-- > 0 && at >= 0) at = at === 0 ? -1 : output.lastIndexOf("\n", at - 1);
  const shown = output.slice(at + 1).split("\n").map(lastWritten).join("\n");
  return { text: visibleOutput(shown), isAll: at < 0 };
}

function lastWritten(line: string): string {
  const end = line.endsWith("\r") ? line.length - 1 : line.length;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}

/** A command and its arguments, as one would type them. */
export function commandLine(command: string, args: readonly string[] | null): string {
  // Without arguments it may be a whole line for a shell already.
  if (!args || args.length === 0) return command;
  return [command, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
