import type { Run } from "@tinyvex/client";
import { memo, useState } from "react";
import { Icon } from "../app/icon.js";
import { promptText } from "../conversation/prompt-text.js";
import { useTinyvex } from "@tinyvex/react";
import type { Sending } from "./use-submit.js";

interface WaitingPromptsProps {
  queued: readonly Run[];
  sending: readonly Sending[];
}

/** Prompts that wait: for the turns before them, or for the connection. */
export const WaitingPrompts = memo(function WaitingPrompts({ queued, sending }: WaitingPromptsProps) {
  if (queued.length + sending.length === 0) return null;
  return (
    <ul className="waiting" aria-label="Prompts that wait">
      {queued.map((run) => <Queued key={run.runId} run={run} />)}
      {sending.map(({ id, prompt }) => (
        <li key={id}>
          <span className="badge"><span className="spinner" />sending</span>
          <span className="waiting-text" dir="auto">{promptText(prompt)}</span>
        </li>
      ))}
    </ul>
  );
});

function Queued({ run }: { run: Run }) {
  const client = useTinyvex();
  const [problem, setProblem] = useState<string | null>(null);
  const text = promptText(run.prompt);
  return (
    <li>
      <span className="badge">queued</span>
      <span className="waiting-text" dir="auto">{text}</span>
      {problem && <span className="waiting-problem" role="alert">{problem}</span>}
      <button
        type="button" className="icon-button" aria-label={`Cancel the queued prompt: ${text}`} title="Cancel"
        onClick={() => client.cancel({ runId: run.runId }).catch((error: Error) => setProblem(error.message))}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
