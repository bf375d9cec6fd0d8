import { TinyvexClient } from "@tinyvex/client";
import type { TinyvexBridge } from "./bridge.ts";

declare global {
  interface Window {
    tinyvex: TinyvexBridge;
  }
}

// Asked for before each attempt, so that a server which was started again elsewhere is found.
const client = new TinyvexClient({
  url: async () => (await window.tinyvex.serverAddress()).ws,
  token: async () => (await window.tinyvex.serverAddress()).token,
});
const status = element("status");
client.onStatus(() => (status.textContent = client.getStatus().state));

const threads = client.threads();
threads.subscribe(() => {
  const titles = threads.getSnapshot().rows.map(({ id, title }) => Object.assign(document.createElement("li"), { textContent: title ?? id }));
  element("threads").replaceChildren(...titles);
});

element("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const { value: text } = element("prompt") as HTMLInputElement;
  client.submit({ text }).catch((error: Error) => (status.textContent = error.message));
});

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
