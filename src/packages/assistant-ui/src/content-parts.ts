import type { CompleteAttachment, ThreadAssistantMessagePart, ThreadUserMessagePart } from "@assistant-ui/react";
import type { ContentBlock } from "@tinyvex/client";

type Status = NonNullable<Extract<ThreadAssistantMessagePart, { type: "text" }>["status"]>;

/** A block of what an agent said. What has no part of its own, such as a kind of block that came later, is the part `data-acp-content`. */
export function assistantPart(block: ContentBlock, id: string, status: Status): ThreadAssistantMessagePart {
  switch (block.type) {
    case "text":
      return { type: "text", id, text: block.text, status };
    case "image":
      return { type: "image", id, image: dataUrl(block) };
    case "audio":
      return { type: "file", id, data: block.data, mimeType: block.mimeType };
    case "resource_link":
      return { type: "source", sourceType: "url", id, url: block.uri, title: block.title ?? block.name };
    case "resource":
      return { id, ...resourceFile(block) };
    default:
      return { type: "data", id, name: "acp-content", data: block };
  }
}

/** A block of a prompt that is not text. */
export function attachment(block: Exclude<ContentBlock, { type: "text" }>, id: string): CompleteAttachment {
  const complete = (type: string, name: string, part: ThreadUserMessagePart, contentType?: string | null): CompleteAttachment => ({
    id, type, name, content: [part], status: { type: "complete" }, ...(contentType && { contentType }),
  });
  switch (block.type) {
    case "image":
      return complete("image", block.uri ? nameOf(block.uri) : "image", { type: "image", image: dataUrl(block) }, block.mimeType);
    case "audio":
      return complete("file", "audio", { type: "file", data: block.data, mimeType: block.mimeType }, block.mimeType);
    case "resource": {
      const file = resourceFile(block);
      return complete("document", file.filename, file, file.mimeType);
    }
    case "resource_link":
      return complete("file", block.title ?? block.name, { type: "data", name: "resource-link", data: block }, block.mimeType);
    default:
      return complete("data", (block as { type: string }).type, { type: "data", name: "acp-content", data: block });
  }
}

function resourceFile({ resource: { uri, mimeType, text, blob } }: Extract<ContentBlock, { type: "resource" }>) {
  const isText = typeof text === "string";
  return {
    type: "file",
    filename: nameOf(uri),
    mimeType: mimeType ?? (isText ? "text/plain" : "application/octet-stream"),
    data: isText ? base64(new TextEncoder().encode(text)) : (blob ?? ""),
  } as const;
}

function dataUrl({ data, mimeType }: { data: string; mimeType: string }): string {
  return `data:${mimeType};base64,${data}`;
}

function nameOf(uri: string): string {
  const last = uri.split("/").findLast((part) => part !== "") ?? uri;
  try {
    return decodeURIComponent(last);
  } catch {
    // A percent sign that is one.
    return last;
  }
}

export function base64(bytes: Uint8Array): string {
  let text = "";
  // A call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
