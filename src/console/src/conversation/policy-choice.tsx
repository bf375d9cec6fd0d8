import type { Policy } from "@tinyvex/client";
import { usePolicy, useTinyvex } from "@tinyvex/react";
import { useState } from "react";
import { announce, announceFailure } from "../app/news.js";
import { Dialog } from "../app/dialog.js";
import { deciderOf } from "../permissions/decider.js";
import "./policy-choice.css";

const policies: readonly { policy: Policy; label: string }[] = [
  { policy: "ask", label: "Asks for everything" },
  { policy: "allow-reads", label: "May read here" },
  { policy: "allow-edits-in-roots", label: "May read and edit here" },
  { policy: "allow-all", label: "May do anything" },
];

/** What the thread's agent may do without asking. To allow all is asked once more. */
export function PolicyChoice({ threadId }: { threadId: string }) {
  const client = useTinyvex();
  const { policy, setBy } = usePolicy(threadId);
  const [isAsked, setAsked] = useState(false);
  const [isSetting, setSetting] = useState(false);
  if (!policy) return null;

  function choose(wanted: Policy) {
    setAsked(false);
    setSetting(true);
    const { label } = policies.find((one) => one.policy === wanted)!;
    client.request("tvx.update_thread", { threadId, updates: { policy: wanted } }).then(
      () => announce(`The agent ${label.toLowerCase()}`),
      (error: Error) => announceFailure(`“${label}” was not taken: ${error.message}`),
    ).finally(() => setSetting(false));
  }

  return (
    <>
      <select
        className={`choice policy ${policy}`} aria-label="What the agent may do without asking" value={policy} disabled={isSetting}
        title={setBy ? `Set ${deciderOf(setBy)}` : "Nobody has set it"}
        onChange={(event) => {
          const wanted = event.target.value as Policy;
          if (wanted === "allow-all") setAsked(true);
          else choose(wanted);
        }}
      >
        {policies.map((one) => <option key={one.policy} value={one.policy}>{one.label}</option>)}
      </select>
      {isAsked && (
        <Dialog title="Let the agent do anything?" onClose={() => setAsked(false)}>
          <p>
            It will run commands, change and delete files anywhere, and use the network, without asking you or anybody else. What waits for an answer in this thread is allowed at once.
            That is for an agent in a container or on a machine of its own.
          </p>
          <div className="dialog-actions">
            <button type="button" className="button" autoFocus onClick={() => setAsked(false)}>Keep asking</button>
            <button type="button" className="button danger" onClick={() => choose("allow-all")}>Allow everything</button>
          </div>
        </Dialog>
      )}
    </>
  );
}
