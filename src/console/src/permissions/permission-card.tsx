import { TinyvexError, type PermissionOption, type PermissionRow } from "@tinyvex/client";
import { memo, useId, useState, type KeyboardEvent } from "react";
import { announce } from "../app/news.js";
import { Icon } from "../app/icon.js";
import { Part } from "../conversation/tool-call.js";
import { useTinyvex } from "@tinyvex/react";
import { objectsOf } from "../text/objects-of.js";
import { visibleCode, visibleText } from "../text/visible-text.js";
import { answerOf } from "./answered-permission.js";
import "./permissions.css";

/** A permission request that waits, with the agent's own options. Digits answer it while the focus is in it. */
export const PermissionCard = memo(function PermissionCard({ row }: { row: PermissionRow }) {
  const client = useTinyvex();
  const heading = useId();
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { toolCall } = row;
  const options = objectsOf(row.options);
  const content = objectsOf(toolCall.content);

  async function answer(option: PermissionOption) {
    if (chosen !== null) return;
    setChosen(option.optionId);
    setProblem(null);
    try {
      await client.respond({ requestId: row.requestId, optionId: option.optionId });
      announce(`Answered: ${option.name}`);
    } catch (error) {
      setChosen(null);
      setProblem(problemOf(error, options));
    }
  }

  function pressed(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    const option = options[Number(event.key) - 1];
    if (!option) return;
    event.preventDefault();
    void answer(option);
  }

  return (
    <section className="permission" aria-labelledby={heading} onKeyDown={pressed} data-testid="permission">
      <div className="permission-title">
        <Icon name="shield" />
        <h2 id={heading}><span className="permission-ask">Permission needed</span><span dir="auto">{visibleCode(toolCall.title ?? "A tool call")}</span></h2>
      </div>
      {content.length > 0 && (
        <div className="permission-content">{content.map((part, at) => <Part key={at} threadId={row.threadId} part={part} kind={toolCall.kind ?? null} />)}</div>
      )}
      <CommandOf rawInput={toolCall.rawInput} hasContent={content.length > 0} />
      <div className="permission-options" role="group" aria-label="Answers">
        {options.map((option, at) => (
          <button
            key={option.optionId} type="button" disabled={chosen !== null} data-kind={option.kind} onClick={() => void answer(option)}
            className={`button ${at === 0 && option.kind.startsWith("allow") ? "primary" : ""}`} aria-keyshortcuts={at < 9 ? String(at + 1) : undefined}
          >
            {chosen === option.optionId && <span className="spinner" />}
            <span>{visibleText(option.name)}</span>
            {at < 9 && <kbd className="keys" aria-hidden="true">{at + 1}</kbd>}
          </button>
        ))}
      </div>
      {problem && <p className="note warn" role="alert">{problem}</p>}
    </section>
  );
});

/** What the tool was given, where the agent shows nothing better. */
function CommandOf({ rawInput, hasContent }: { rawInput: unknown; hasContent: boolean }) {
  if (hasContent || rawInput === null || rawInput === undefined) return null;
  const { command } = rawInput as { command?: unknown };
  const text = typeof command === "string" ? command : Array.isArray(command) ? command.join(" ") : JSON.stringify(rawInput, null, 2);
  return <pre className="permission-command" tabIndex={0}>{visibleCode(text)}</pre>;
}

function problemOf(error: unknown, options: readonly PermissionOption[]): string {
  if (error instanceof TinyvexError && error.code === "conflict") {
    const data = (error.data ?? {}) as Partial<Pick<PermissionRow, "status" | "outcome">>;
    return `Another window was first. The answer that stands: ${answerOf({ status: data.status ?? "cancelled", outcome: data.outcome ?? null, options: [...options] })}.`;
  }

  return `The answer did not arrive: ${error instanceof Error ? error.message : String(error)}.`;
}
