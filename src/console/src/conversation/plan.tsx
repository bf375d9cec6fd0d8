import type { PlanRow } from "@tinyvex/client";
import { memo } from "react";
import { Icon } from "../app/icon.js";
import { objectsOf } from "../text/objects-of.js";
import { visibleText } from "../text/visible-text.js";
import "./plan.css";

const words = { pending: "to do", in_progress: "in progress", completed: "done" } as const;

/** The agent's plan as a checklist, which stays in view above the prompt. */
export const Plan = memo(function Plan({ plan, isRunning }: { plan: PlanRow; isRunning: boolean }) {
  const entries = objectsOf(plan.entries);
  const done = entries.filter((entry) => entry.status === "completed").length;
  const current = entries.find((entry) => entry.status === "in_progress");
  if (entries.length === 0) return null;
  return (
    <details className="plan">
      <summary>
        <Icon name="list" />
        <span>Plan</span>
        <span className="plan-count">{done} of {entries.length} done</span>
        <span className="plan-current" dir="auto">{visibleText(current?.content ?? "")}</span>
        <span className="twist"><Icon name="chevron" size={14} /></span>
      </summary>
      <ol>
        {entries.map(({ content, status, priority }, at) => (
          <li key={at} className={status === "in_progress" && !isRunning ? "stopped" : status}>
            <span className="plan-mark" role="img" aria-label={words[status] ?? status}>
              {status === "completed" ? <Icon name="check" size={12} /> : status === "in_progress" && isRunning ? <span className="spinner" /> : null}
            </span>
            <span dir="auto">{visibleText(content)}</span>
            {priority === "high" && <span className="badge">high</span>}
          </li>
        ))}
      </ol>
    </details>
  );
});
