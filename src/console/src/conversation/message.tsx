import type { ContentBlock, Message } from "@tinyvex/client";
import { Fragment, memo } from "react";
import { CopyButton } from "../code/copy-button.js";
import { objectsOf } from "../text/objects-of.js";
import { visibleText } from "../text/visible-text.js";
import { ContentBlockView } from "./content-blocks.js";
import { Markdown } from "./markdown.js";
import "./message.css";

interface MessageProps {
  row: Message;
  /** Fetches the whole row where the server has cut it. */
  onWhole(): void;
}

/** What the user wrote: as it stands, since it is not written to be read as markdown. */
export const UserMessage = memo(function UserMessage({ row, onWhole }: MessageProps) {
  const blocks = blocksIn(row);
  const attached = blocks.filter((block) => block.type !== "text");
  return (
    <article className="message user" aria-label="You">
      {blocks.map((block, at) => (block.type === "text" && block.text !== "" ? <p key={at} dir="auto">{visibleText(block.text)}</p> : null))}
      {attached.length > 0 && <div className="attached-list">{attached.map((block, at) => <ContentBlockView key={at} block={block} />)}</div>}
      {row.truncated && <Whole onWhole={onWhole} />}
    </article>
  );
});

/** What the agent said. */
export const AgentMessage = memo(function AgentMessage({ row, onWhole }: MessageProps) {
  return (
    <article className="message agent" aria-label="Agent" aria-busy={row.partial}>
      {blocksIn(row).map((block, at) => (
        <Fragment key={at}>{block.type === "text" ? <Markdown text={block.text} /> : <ContentBlockView block={block} />}</Fragment>
      ))}
      {row.truncated && <Whole onWhole={onWhole} />}
      {!row.partial && <div className="message-actions"><CopyButton text={row.text} label="Copy message" /></div>}
    </article>
  );
});

function blocksIn(row: Message): readonly ContentBlock[] {
  return row.content ? objectsOf(row.content) : [{ type: "text", text: row.text }];
}

function Whole({ onWhole }: { onWhole(): void }) {
  return <button type="button" className="button small" onClick={onWhole}>Load all of it</button>;
}
