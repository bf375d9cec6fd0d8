import type { PermissionRow } from "@tinyvex/client";
import { memo } from "react";
import { Icon } from "../app/icon.js";
import { deciderOf } from "./decider.js";
import { objectsOf } from "../text/objects-of.js";
import { visibleCode } from "../text/visible-text.js";
import "./permissions.css";

/** A permission request at its place in the conversation, once it is decided; while it waits, its card stands above the prompt. */
export const AnsweredPermission = memo(function AnsweredPermission({ row }: { row: PermissionRow }) {
  const title = visibleCode(row.toolCall.title ?? "a tool call");
  return (
    <p className="permission-line">
      <Icon name="shield" />
      <span dir="auto">{row.status === "pending" ? `Waits for an answer: ${title}` : `${answerOf(row)}: ${title}`}</span>
      {row.answeredBy && <span className="decider">{deciderOf(row.answeredBy)}</span>}
    </p>
  );
});

export function answerOf({ status, outcome, options }: Pick<PermissionRow, "status" | "outcome" | "options">): string {
  if (status !== "answered" || outcome?.outcome !== "selected") return "Not answered";
  return visibleCode(objectsOf(options).find((option) => option.optionId === outcome.optionId)?.name ?? outcome.optionId);
}
