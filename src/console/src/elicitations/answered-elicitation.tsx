import type { ElicitationRow } from "@tinyvex/client";
import { memo } from "react";
import { Icon } from "../app/icon.js";
import { deciderOf } from "../permissions/decider.js";
import { visibleText } from "../text/visible-text.js";
import "../permissions/permissions.css";

/** A question of an agent at its place in the conversation; while it waits, its card stands above the prompt. */
export const AnsweredElicitation = memo(function AnsweredElicitation({ row }: { row: ElicitationRow }) {
  const message = visibleText(row.request.message);
  return (
    <p className="permission-line">
      <Icon name={row.request.mode === "url" ? "globe" : "list"} />
      <span dir="auto">{row.status === "pending" ? `Waits for an answer: ${message}` : `${decisionOf(row)}: ${message}`}</span>
      {row.answeredBy && <span className="decider">{deciderOf(row.answeredBy)}</span>}
    </p>
  );
});

export function decisionOf({ status, outcome }: Pick<ElicitationRow, "status" | "outcome">): string {
  if (status === "completed") return "Done";
  if (status !== "answered") return "Not answered";
  return outcome?.action === "accept" ? "Answered" : "Declined";
}
