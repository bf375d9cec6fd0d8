import type { ToolCallContent, ToolCallRow, ToolCallStatus, ToolKind } from "@tinyvex/client";
import { useTerminal } from "@tinyvex/react";
import { memo, useContext, useState } from "react";
import { Icon, type IconName } from "../app/icon.js";
import { CodeBlock } from "../code/code-block.js";
import { languageOfPath } from "../code/highlight.js";
import { duration } from "../text/duration.js";
import { objectsOf } from "../text/objects-of.js";
import { visibleCode, visibleOutput } from "../text/visible-text.js";
import { ContentBlockView } from "./content-blocks.js";
import { DiffView } from "./diff-view.js";
import { Markdown } from "./markdown.js";
import { NamedTerminal } from "./terminal.js";
import { TurnIsOver } from "./turn-is-over.js";
import "./tool-call.css";

const icons: Record<ToolKind, IconName> = {
  read: "file", edit: "edit", delete: "trash", move: "move", search: "search", execute: "terminal", think: "thought", fetch: "globe",
  switch_mode: "list", other: "tool",
};
const states: Record<ToolCallStatus, string> = { pending: "waiting", in_progress: "running", completed: "done", failed: "failed" };

/** Milliseconds below which a time says nothing. */
const mostInstant = 50;

interface ToolCallProps {
  row: ToolCallRow;
  /** Fetches the whole row where the server has cut it. */
  onWhole(): void;
}

/** What an agent did with a tool: its state at a glance, all of it when opened. */
export const ToolCall = memo(function ToolCall({ row, onWhole }: ToolCallProps) {
  const content = objectsOf(row.content);
  const locations = objectsOf(row.locations);
  const hasDiff = content.some((part) => part.type === "diff");
  const status = row.status ?? "pending";
  // What it is about to do is shown by the permission request that it may wait for.
  const isWaiting = status === "pending";
  const [isOpen, setOpen] = useState<boolean | null>(null);
  const terminal = content.find((part) => part.type === "terminal");
  const hasTerminal = useTerminal(row.threadId, terminal?.terminalId ?? "") !== undefined;
  const isShown = isOpen ?? (((hasDiff || hasTerminal) && !isWaiting) || row.status === "failed");
  const path = locations[0]?.path;
  const time = row.updatedAt - row.createdAt;
  return (
    <details className={`tool ${status}`} open={isShown} onToggle={(event) => event.currentTarget.open !== isShown && setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name={icons[row.kind ?? "other"] ?? "tool"} />
        <span className="tool-title" dir="auto">{visibleCode(row.title ?? row.kind ?? "Tool call")}</span>
        <State status={status} />
        {status === "completed" && time >= mostInstant && <span className="tool-time">{duration(time)}</span>}
        <span className="twist"><Icon name="chevron" size={14} /></span>
      </summary>
      {isShown && (
        <div className="tool-body">
          {locations.length > 0 && (
            <ul className="locations" aria-label="Places">
              {locations.map(({ path, line }, at) => <li key={at}><code>{visibleCode(path)}{line != null && `:${line}`}</code></li>)}
            </ul>
          )}
          {content.map((part, at) => <Part key={at} threadId={row.threadId} part={part} path={path} kind={row.kind} />)}
          <Raw title="Input" value={row.rawInput} />
          <Raw title="Output" value={row.rawOutput} />
          {row.truncated && <button type="button" className="button small" onClick={onWhole}>Load all of it</button>}
        </div>
      )}
    </details>
  );
});

/** Alone looks at the turn, whose end would else render each call again. */
function State({ status }: { status: ToolCallStatus }) {
  const isOver = useContext(TurnIsOver);
  const isOpen = status === "in_progress" || status === "pending";
  if (isOpen && isOver) return <span className="badge">not finished</span>;
  return (
    <span className={`badge ${status === "failed" ? "bad" : ""}`}>
      {isOpen && <span className="spinner" />}
      {states[status] ?? status}
    </span>
  );
}

/** A part of a tool call's content. */
export function Part({ threadId, part, path, kind }: {
  threadId: string; part: ToolCallContent; path?: string | undefined; kind?: ToolKind | null;
}) {
  switch (part.type) {
    case "diff":
      return <DiffView path={part.path} before={part.oldText} after={part.newText} />;
    case "terminal":
      return <NamedTerminal threadId={threadId} terminalId={part.terminalId} />;
    case "content": {
      const { content } = part;
      if (content.type !== "text") return <ContentBlockView block={content} />;
      if (kind === "execute") return <CodeBlock text={visibleOutput(content.text)} title="Output" fold={24} />;
      if (path && (kind === "read" || kind === "edit") && !/^\s*```/.test(content.text)) {
        return <CodeBlock text={content.text} title={path.slice(path.lastIndexOf("/") + 1)} language={languageOfPath(path)} fold={24} />;
      }

      return <Markdown text={content.text} />;
    }

    default:
      return <CodeBlock text={JSON.stringify(part, null, 2)} language="json" fold={24} />;
  }
}

function Raw({ title, value }: { title: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  const isText = typeof value === "string";
  return (
    <details className="raw">
      <summary>{title}</summary>
      <CodeBlock text={isText ? visibleOutput(value) : JSON.stringify(value, null, 2)} title={title} language={isText ? null : "json"} fold={24} />
    </details>
  );
}
