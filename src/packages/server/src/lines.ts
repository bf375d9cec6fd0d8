import type { Readable } from "node:stream";

/**
 * Calls back with each line of a stream, however it was cut on its way, and at the end with what has no line break. A line
 * longer than the limit is cut there, so that one without an end takes no memory.
 */
export function readLines(stream: Readable, limit: number, onLine: (line: string) => void, onRest = onLine): void {
  let line = "";
  const add = (text: string) => {
    line += text.slice(0, limit - line.length);
  };
  const end = () => {
    onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    line = "";
  };
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const parts = chunk.split("\n");
    const rest = parts.pop() ?? "";
    for (const part of parts) {
      add(part);
      end();
    }
    add(rest);
  });
  stream.on("end", () => {
    if (line !== "") onRest(line);
  });
}
