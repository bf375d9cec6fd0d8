import type { ThreadItem } from "@tinyvex/client";
import { memo, useMemo, useRef } from "react";
import { ErrorBoundary } from "../app/error-boundary.js";
import { AnsweredElicitation } from "../elicitations/answered-elicitation.js";
import { AnsweredPermission } from "../permissions/answered-permission.js";
import { AgentMessage, UserMessage } from "./message.js";
import { Reasoning } from "./reasoning.js";
import { RunOutcome } from "./run-outcome.js";
import { blocksOf, reading, startOf, type Block } from "./timeline-order.js";
import { Terminal } from "./terminal.js";
import { ToolCall } from "./tool-call.js";

interface TimelineProps {
  items: readonly ThreadItem[];
  /** Fetches the whole of an item that the server has cut. */
  onWhole(item: ThreadItem): void;
}

/** The conversation. Of thousands of items a change renders the one that has changed, and nothing else. */
export const Timeline = memo(function Timeline({ items, onWhole }: TimelineProps) {
  const before = useRef<Block[]>([]);
  const blocks = useMemo(() => (before.current = blocksOf(reading(items), before.current)), [items]);
  return blocks.map((block) => <TimelineBlock key={block.key} block={block} onWhole={onWhole} />);
});

const TimelineBlock = memo(function TimelineBlock({ block, onWhole }: { block: Block; onWhole: TimelineProps["onWhole"] }) {
  const { items, endedAt } = block;
  const content = items.map((item, at) => {
    const next = items[at + 1];
    // Only thoughts show their end; for all others a changing neighbour would mean to render them again.
    const end = item.kind === "message" && item.row.kind === "reason" ? (next ? startOf(next) : endedAt) : null;
    return <Item key={item.key} item={item} endedAt={end} onWhole={onWhole} />;
  });
  return <div className="items">{content}</div>;
});

const Item = memo(function Item({ item, endedAt, onWhole }: { item: ThreadItem; endedAt: number | null; onWhole: TimelineProps["onWhole"] }) {
  return (
    <div className="item" data-key={item.key} tabIndex={-1}>
      <ErrorBoundary what="This item" resetKey={item}>{contentOf(item, endedAt, () => onWhole(item))}</ErrorBoundary>
    </div>
  );
});

function contentOf(item: ThreadItem, endedAt: number | null, onWhole: () => void) {
  switch (item.kind) {
    case "message":
      if (item.row.kind === "reason") return <Reasoning row={item.row} endedAt={endedAt} />;
      return item.row.role === "user" ? <UserMessage row={item.row} onWhole={onWhole} /> : <AgentMessage row={item.row} onWhole={onWhole} />;
    case "tool_call":
      return <ToolCall row={item.row} onWhole={onWhole} />;
    case "run":
      return <RunOutcome row={item.row} />;
    case "terminal":
      return <Terminal row={item.row} onWhole={onWhole} />;
    case "permission":
      return <AnsweredPermission row={item.row} />;
    case "elicitation":
      return <AnsweredElicitation row={item.row} />;
  }
}
