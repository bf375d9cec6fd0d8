import { TinyvexError, type ElicitationAction, type ElicitationRow } from "@tinyvex/client";
import { useTinyvex } from "@tinyvex/react";
import { memo, useId, useState } from "react";
import { announce } from "../app/news.js";
import { Icon } from "../app/icon.js";
import { visibleText } from "../text/visible-text.js";
import { decisionOf } from "./answered-elicitation.js";
import { ElicitationForm } from "./elicitation-form.js";
import { ElicitationPage } from "./elicitation-page.js";
import "../permissions/permissions.css";
import "./elicitations.css";

/** How a card gives its answer, and whether one is under way. */
export interface Answering {
  readonly isSending: boolean;
  send(action: ElicitationAction, content?: Record<string, unknown>): void;
}

/** A question of an agent that waits: a form, or a page to visit. */
export const ElicitationCard = memo(function ElicitationCard({ row }: { row: ElicitationRow }) {
  const client = useTinyvex();
  const heading = useId();
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { request } = row;

  async function send(action: ElicitationAction, content?: Record<string, unknown>) {
    if (isSending) return;
    setSending(true);
    setProblem(null);
    try {
      await client.answer({ requestId: row.requestId, action, ...(content && { content }) });
      announce(action === "accept" ? "Answered" : action === "decline" ? "Declined" : "Dismissed");
    } catch (error) {
      setSending(false);
      setProblem(problemOf(error));
    }
  }

  return (
    <section className="permission" aria-labelledby={heading} data-testid="elicitation">
      <div className="permission-title">
        <Icon name={request.mode === "url" ? "globe" : "list"} />
        <h2 id={heading}><span className="permission-ask">The agent asks</span><span dir="auto">{visibleText(request.message)}</span></h2>
      </div>
      {request.mode === "form" ?
        <ElicitationForm schema={request.requestedSchema} isSending={isSending} send={send} />
      : <ElicitationPage url={request.url} isSending={isSending} send={send} />}
      {problem && <p className="note warn" role="alert">{problem}</p>}
    </section>
  );
});

function problemOf(error: unknown): string {
  if (error instanceof TinyvexError && error.code === "conflict") {
    const data = (error.data ?? {}) as Partial<Pick<ElicitationRow, "status" | "outcome">>;
    return `Another window was first. What stands: ${decisionOf({ status: data.status ?? "cancelled", outcome: data.outcome ?? null })}.`;
  }

  return `The answer was not taken: ${error instanceof Error ? error.message : String(error)}.`;
}
