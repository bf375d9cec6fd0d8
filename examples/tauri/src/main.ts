import { invoke } from "@tauri-apps/api/core";
import { TinyvexClient, type ThreadFeed } from "@tinyvex/client";

interface ServerAddress {
  ws: string;
  token: string;
}

const { ws, token } = await invoke<ServerAddress>("server_address");
const client = new TinyvexClient({ url: ws, token });
client.onStatus(() => show("status", client.getStatus().state));
client.connect();

let stop: (() => void) | undefined;
element("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const { value: text } = element("prompt") as HTMLInputElement;
  client.submit({ text }).then(
    ({ threadId }) => {
      stop?.();
      stop = follow(client.thread(threadId));
    },
    (error: Error) => show("status", error.message),
  );
});

function follow(thread: ThreadFeed): () => void {
  return thread.subscribe(() => {
    const lines = thread.getSnapshot().items.flatMap(({ kind, row }) => (kind === "message" ? [row.text] : kind === "tool_call" ? [row.title] : []));
    element("items").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  });
}

function show(id: string, text: string): void {
  element(id).textContent = text;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
