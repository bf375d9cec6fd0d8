import type { ContentBlock } from "@tinyvex/client";
import { objectsOf } from "../text/objects-of.js";

/** A prompt in one line: its text, and how many attachments it has. */
export function promptText(prompt: readonly ContentBlock[] | null): string {
  if (!prompt) return "a prompt";
  const blocks = objectsOf(prompt);
  const text = blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join(" ").trim();
  const attached = blocks.filter((block) => block.type !== "text").length;
  const attachments = attached === 0 ? "" : `${attached} ${attached === 1 ? "attachment" : "attachments"}`;
  return [text, attachments].filter(Boolean).join(" · ");
}
