import type { ToolCallMessagePartProps } from "@assistant-ui/react";
import type { ContentBlock, ToolCallContent } from "@tinyvex/client";
import { useTerminal } from "@tinyvex/react";
import { useState } from "react";
import { changedLines } from "./changed-lines.js";
import type { ToolCallArtifact } from "./tool-call-part.js";

/**
 * Shows any tool call: its title, the agent's content with diffs, and buttons with the options of a permission request. It has no style but
 * attributes for yours: `data-tinyvex`, `data-kind`, `data-status` and `data-line`. Give it to `MessagePrimitive.Parts` as `tools.Fallback`.
 */
export function TinyvexToolCall(props: ToolCallMessagePartProps) {
  const { artifact, toolName, argsText, result, isError, status, approval } = props;
  const { toolCall } = (artifact ?? { toolCall: null }) as Partial<ToolCallArtifact>;
  const content = toolCall?.content ?? [];
  const isAsked = approval !== undefined && approval.approved === undefined && approval.resolution === undefined;
  return (
    <details data-tinyvex="tool-call" data-kind={toolName} data-status={isError ? "failed" : isAsked ? "asked" : status.type} open={isAsked || isError || undefined}>
      <summary>{toolCall?.title || toolName}</summary>
      {content.map((part, i) => <Content key={i} part={part} threadId={toolCall && "threadId" in toolCall ? toolCall.threadId : null} />)}
      {content.length === 0 && argsText !== "" && <pre data-tinyvex="input">{argsText}</pre>}
      {content.length === 0 && result != null && <pre data-tinyvex="output">{typeof result === "string" ? result : JSON.stringify(result, null, 2)}</pre>}
      {approval && <Approval {...props} />}
    </details>
  );
}

function Approval({ approval, respondToApproval }: ToolCallMessagePartProps) {
  const [isAnswering, setAnswering] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { options = [], optionId, resolution, approved } = approval!;
  if (resolution) return <p data-tinyvex="answer">{resolution}</p>;
  if (approved !== undefined) return <p data-tinyvex="answer">{options.find(({ id }) => id === optionId)?.label ?? (approved ? "allowed" : "rejected")}</p>;

  const answer = async (id: string) => {
    setAnswering(true);
    setFailure(null);
    try {
      await respondToApproval({ optionId: id });
    } catch (error) {
      setFailure((error as Error).message);
    } finally {
      setAnswering(false);
    }
  };
  return (
    <div data-tinyvex="options" role="group" aria-label="Permission">
      {options.map(({ id, label, kind }) => (
        <button key={id} type="button" data-kind={kind} disabled={isAnswering} onClick={() => void answer(id)}>
          {label}
        </button>
      ))}
      {failure && <p role="alert">{failure}</p>}
    </div>
  );
}

function Content({ part, threadId }: { part: ToolCallContent; threadId: string | null }) {
  switch (part.type) {
    case "diff":
      return (
        <figure data-tinyvex="diff">
          <figcaption>{part.path}</figcaption>
          <pre>
            {changedLines(part.oldText ?? "", part.newText).map(({ kind, text }, i) => (
              <span key={i} data-line={kind}>{`${kind === "added" ? "+" : kind === "removed" ? "-" : " "} ${text}\n`}</span>
            ))}
          </pre>
        </figure>
      );
    case "content":
      return <Block block={part.content} />;
    case "terminal":
      return threadId === null ? null : <Terminal threadId={threadId} terminalId={part.terminalId} />;
    default:
      return null;
  }
}

/** What a command prints, as it comes. Some agents name terminals of their own, which are known to nobody else. */
function Terminal({ threadId, terminalId }: { threadId: string; terminalId: string }) {
  const terminal = useTerminal(threadId, terminalId);
  return terminal ? <pre data-tinyvex="terminal" data-status={terminal.status}>{terminal.output}</pre> : null;
}

function Block({ block }: { block: ContentBlock }) {
  switch (block.type) {
    case "text":
      return <pre data-tinyvex="output">{block.text}</pre>;
    case "image":
      return <img src={`data:${block.mimeType};base64,${block.data}`} alt="" />;
    case "resource_link":
      return <p data-tinyvex="link">{block.title ?? block.name}</p>;
    case "resource":
      return <pre data-tinyvex="output">{block.resource.text ?? block.resource.uri}</pre>;
    default:
      return null;
  }
}
