import type { Message } from "@tinyvex/client";
import { memo } from "react";
import { Icon } from "../app/icon.js";
import { duration } from "../text/duration.js";
import { Markdown } from "./markdown.js";
import "./reasoning.css";

/** A thought of the agent, folded; its heading says how long it took once that is known. */
export const Reasoning = memo(function Reasoning({ row, endedAt }: { row: Message; endedAt: number | null }) {
  return (
    <details className="reasoning">
      <summary>
        <Icon name="thought" />
        <span>{row.partial ? "Thinking" : endedAt === null || endedAt - row.ts < 50 ? "Thought" : `Thought for ${duration(endedAt - row.ts)}`}</span>
        {row.partial && <span className="spinner" />}
        <span className="twist"><Icon name="chevron" size={14} /></span>
      </summary>
      <div className="reasoning-text"><Markdown text={row.text} /></div>
    </details>
  );
});
