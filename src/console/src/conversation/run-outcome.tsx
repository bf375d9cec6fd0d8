import type { Run } from "@tinyvex/client";
import { memo } from "react";
import { Icon } from "../app/icon.js";
import { duration } from "../text/duration.js";
import { visibleText } from "../text/visible-text.js";
import { promptText } from "./prompt-text.js";
import "./run-outcome.css";

const stops: Record<string, string> = {
  max_tokens: "The agent stopped: its answer reached the limit of tokens.",
  max_turn_requests: "The agent stopped: the turn reached its limit of requests.",
  refusal: "The agent refused to go on.",
};

/** How a run ended. */
export const RunOutcome = memo(function RunOutcome({ row }: { row: Run }) {
  const time = row.startedAt !== null && row.finishedAt !== null ? duration(row.finishedAt - row.startedAt) : null;
  if (row.status === "failed") {
    return (
      <div className="note bad run-failed">
        <p className="run-failed-title"><Icon name="alert" />The run with {row.agent} failed</p>
        <p className="run-failed-reason" dir="auto">{visibleText(row.error?.message ?? "The agent gave no reason.")}</p>
        {wantsLogin(row) && <p><a href="#/agents">Log in on the page Agents</a></p>}
        {row.error?.data !== undefined && row.error.data !== null && (
          <details className="raw"><summary>Details</summary><pre>{visibleText(JSON.stringify(row.error.data, null, 2))}</pre></details>
        )}
      </div>
    );
  }

  const stop = row.stopReason ? stops[row.stopReason] : undefined;
  if (stop) return <p className="note warn">{stop}</p>;
  return (
    <p className="run-outcome">
      {row.status !== "cancelled" ? `${row.agent} · ${time ?? ""}`
      : row.startedAt === null ? `Cancelled before it began: ${promptText(row.prompt)}`
      : `Cancelled after ${time}`}
    </p>
  );
});

function wantsLogin({ error }: Run): boolean {
  return error?.code === "agent_unavailable" && typeof error.data === "object" && error.data !== null && "authMethods" in error.data;
}
