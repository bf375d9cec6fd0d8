import { useConnection, usePermissions, useRun, useThread, useThreads } from "@tinyvex/react";
import { useState, type FormEvent } from "react";

export function App() {
  const { state } = useConnection();
  const { rows } = useThreads();
  const [threadId, setThreadId] = useState<string | null>(null);
  return (
    <>
      <p>Connection: {state}</p>
      <nav aria-label="Threads">
        <button onClick={() => setThreadId(null)}>New</button>
        {rows.map((row) => <button key={row.id} onClick={() => setThreadId(row.id)}>{row.title ?? "Untitled"}</button>)}
      </nav>
      <Conversation threadId={threadId} onBegun={setThreadId} />
    </>
  );
}

function Conversation({ threadId, onBegun }: { threadId: string | null; onBegun(threadId: string): void }) {
  const { items } = useThread(threadId);
  const { submit, cancel, isRunning, error } = useRun(threadId);
  const [text, setText] = useState("");

  async function ask(event: FormEvent) {
    event.preventDefault();
    setText("");
    const begun = await submit(text);
    if (begun) onBegun(begun.threadId);
  }

  return (
    <main>
      <ol>
        {items.map((item) => (
          <li key={item.key} style={{ whiteSpace: "pre-wrap" }}>
            {item.kind === "message" && <>{item.row.role ?? "thought"}: {item.row.text}</>}
            {item.kind === "tool_call" && <>{item.row.title} ({item.row.status})</>}
          </li>
        ))}
      </ol>
      {threadId !== null && <Questions threadId={threadId} />}
      <form onSubmit={ask}>
        <input aria-label="Prompt" value={text} required onChange={(event) => setText(event.target.value)} />
        <button>Send</button>
        {isRunning && <button type="button" onClick={() => void cancel()}>Cancel</button>}
      </form>
      {error && <p role="alert">{error.message}</p>}
    </main>
  );
}

function Questions({ threadId }: { threadId: string }) {
  const { pending, respond } = usePermissions({ threadId });
  return pending.map(({ requestId, toolCall, options }) => (
    <p key={requestId}>
      {toolCall.title}:{" "}
      {options.map(({ optionId, name }) => <button key={optionId} onClick={() => void respond(requestId, optionId)}>{name}</button>)}
    </p>
  ));
}
