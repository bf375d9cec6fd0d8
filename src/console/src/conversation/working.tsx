import type { Run } from "@tinyvex/client";
import { useNow } from "../app/use-now.js";
import { duration } from "../text/duration.js";
import { visibleText } from "../text/visible-text.js";

const minute = 60_000;

/** That a turn is under way, and for how long nothing was heard of its agent where that is long. */
export function Working({ run }: { run: Pick<Run, "agent" | "stalledAt"> }) {
  const { stalledAt } = run;
  const now = useNow(stalledAt !== null, minute / 4);
  const minutes = stalledAt === null ? 0 : Math.floor((now - stalledAt) / minute);
  return (
    <p className="working">
      <span className="spinner" />
      <span>{visibleText(run.agent)} is working{minutes > 0 && `, silent for ${duration(minutes * minute)}`}</span>
    </p>
  );
}
