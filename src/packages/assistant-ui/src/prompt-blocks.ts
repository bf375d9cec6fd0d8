import type { AppendMessage } from "@assistant-ui/react";
import type { ContentBlock } from "@tinyvex/client";

type Part = AppendMessage["content"][number];

const mebibyte = 1024 * 1024;
/** A frame takes 16 MiB of UTF-8; what else stands in it, such as a path, is small. */
const mostBytes = 16 * mebibyte - 64 * 1024;

/** What the user wrote and attached, as ACP content blocks. Throws where it is more than a frame can hold, as the server would end the connection over it. */
export function promptBlocks({ content, attachments = [] }: Pick<AppendMessage, "content" | "attachments">): ContentBlock[] {
  const prompt = [...content.flatMap((part) => blocks(part)), ...attachments.flatMap(({ name, content }) => content.flatMap((part) => blocks(part, name)))];
  const size = new TextEncoder().encode(JSON.stringify(prompt)).length;
  if (size <= mostBytes) return prompt;
  const [has, most] = [size, mostBytes].map((bytes) => (bytes / mebibyte).toFixed(1));
  throw new Error(`The prompt takes ${has} MiB with all that is attached, of ${most} MiB that can be sent at once: attach less, or send it in parts.`);
}

function blocks(part: Part, name?: string): ContentBlock[] {
  switch (part.type) {
    case "text":
      return part.text === "" ? [] : [{ type: "text", text: part.text }];
    case "image":
      return [image(part.image, part.filename ?? name)];
    case "file":
      return [file(part.data, part.mimeType, part.filename ?? name ?? "file")];
    case "audio":
      return [{ type: "audio", data: part.audio.data, mimeType: `audio/${part.audio.format}` }];
    case "data":
      if (part.name === "resource-link") return [part.data as ContentBlock];
  }

  throw new Error(`A prompt cannot hold a part of type ${part.type}.`);
}

function image(source: string, name?: string): ContentBlock {
  const found = dataOf(source);
  return found ? { type: "image", ...found } : { type: "resource_link", uri: source, name: name ?? "image" };
}

function file(source: string, mimeType: string, name: string): ContentBlock {
  const data = dataOf(source)?.data ?? source;
  if (/^https?:/i.test(data)) return { type: "resource_link", uri: data, name, mimeType };
  if (mimeType.startsWith("audio/")) return { type: "audio", data, mimeType };
  // The file is nowhere but in the prompt, so its address is but a name.
  const uri = `attachment:///${encodeURIComponent(name)}`;
  const text = textOf(data);
  return { type: "resource", resource: text === null ? { uri, mimeType, blob: data } : { uri, mimeType: textType(mimeType), text } };
}

function dataOf(url: string): { data: string; mimeType: string } | null {
  const found = /^data:([^;,]*)(?:;[^;,]*)*;base64,/i.exec(url);
  return found && { mimeType: found[1] || "application/octet-stream", data: url.slice(found[0].length) };
}

/** The text of a file, null where it is none: its bytes say so, as browsers take `a.ts` for a video and scripts for applications, or name no type. */
function textOf(data: string): string | null {
  try {
    const letters = atob(data);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** A type that text can have. */
function textType(mimeType: string): string {
  return /^(text|application)\//.test(mimeType) && mimeType !== "application/octet-stream" ? mimeType : "text/plain";
}
