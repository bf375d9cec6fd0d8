import type { TerminalRow, ThreadItem } from "@tinyvex/client";
import { useThreadItem, useTinyvex } from "@tinyvex/react";
import { memo, useLayoutEffect, useMemo, useRef, useState } from "react";
import { announceFailure } from "../app/news.js";
import { CopyButton } from "../code/copy-button.js";
import { commandLine, lastLines } from "../text/terminal-output.js";
import { visibleCode } from "../text/visible-text.js";
import "./terminal.css";

/** Lines that are shown of an output before all of it is asked for: what fits a few screens, and costs little to render with each piece. */
const mostLines = 200;
/** Pixels from the end within which the reader is at it. */
const nearEnd = 16;

/** A command that an agent had run, with what it prints as it comes. */
export const Terminal = memo(function Terminal({ row, onWhole }: { row: TerminalRow; onWhole(): void }) {
  const { output, truncated, status } = row;
  const [isAll, setAll] = useState(false);
  const shown = useMemo(() => lastLines(output, isAll ? Infinity : mostLines), [output, isAll]);
  const pre = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const command = commandLine(row.command, row.args);
  useLayoutEffect(() => {
    if (isAtEnd.current && pre.current) pre.current.scrollTop = pre.current.scrollHeight;
  }, [shown]);
  return (
    <figure className="code terminal" dir="ltr" data-testid="terminal">
      <figcaption>
        <code className="terminal-command">{visibleCode(command)}</code>
        <span className={`badge ${isBad(row) ? "bad" : ""}`}>{status === "running" && <span className="spinner" />}{endOf(row)}</span>
        <CopyButton text={output} label="Copy output" />
      </figcaption>
      {(truncated || !shown.isAll) && (
        <button type="button" className="fold" onClick={() => (truncated ? onWhole() : setAll(true))}>{truncated ? "Load what was printed before" : "Show all of it"}</button>
      )}
      {shown.text !== "" && (
        <pre
          ref={pre} tabIndex={0} role="group" aria-label={`Output of ${visibleCode(command)}`}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => (isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd)}
        >
          <code>{shown.text}</code>
        </pre>
      )}
    </figure>
  );
});

/** The terminal that a tool call names. Some agents name terminals of their own, which are known to nobody else. */
export function NamedTerminal({ threadId, terminalId }: { threadId: string; terminalId: string }) {
  const client = useTinyvex();
  const item = useThreadItem(threadId, `x:${terminalId}`);
  if (item?.kind !== "terminal") return <p className="muted">Terminal {visibleCode(terminalId)}</p>;
  const whole = (one: ThreadItem) => client.thread(threadId).loadWhole(one).catch((error: Error) => announceFailure(`The output could not be loaded: ${error.message}`));
  return <Terminal row={item.row} onWhole={() => void whole(item)} />;
}

function isBad({ status, exitCode }: TerminalRow): boolean {
  return status === "lost" || (status === "exited" && exitCode !== 0);
}

function endOf({ status, exitCode, signal }: TerminalRow): string {
  if (status === "running") return "running";
  if (status === "lost") return "lost with the server";
  const how = signal ?? (exitCode === null ? "" : exitCode === 0 && status === "exited" ? "done" : `exit ${exitCode}`);
  return status === "killed" ? (how ? `ended, ${how}` : "ended") : how;
}
