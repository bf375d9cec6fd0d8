import type { ContentBlock } from "@tinyvex/client";
import { bytes } from "../text/bytes.js";

export interface Attachment {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly block: ContentBlock;
}

/** A frame may have 16 MiB, and an image grows by a third on its way into one. */
export const mostBytes = 10_000_000;
export const mostAttachments = 20;

const imageTypes = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
let lastId = 0;

export interface Taken {
  attachments: Attachment[];
  /** Why some were left out, each in a sentence. */
  problems: string[];
}

/** Reads files that were chosen, pasted or dropped: images as images, text as resources. `held` are those that are there already. */
export async function takeFiles(files: readonly File[], held: readonly Attachment[]): Promise<Taken> {
  const attachments: Attachment[] = [];
  const problems: string[] = [];
  let size = held.reduce((sum, one) => sum + one.size, 0);
  for (const file of files) {
    if (held.length + attachments.length >= mostAttachments) {
      problems.push(`${file.name} was left out: a prompt has ${mostAttachments} attachments at most.`);
    } else if (size + file.size > mostBytes) {
      problems.push(`${file.name} (${bytes(file.size)}) was left out: the attachments of a prompt may have ${bytes(mostBytes)} together.`);
    } else {
      const block = await blockOf(file);
      if (block === "unreadable") {
        problems.push(`${file.name} was left out: it could not be read.`);
      } else if (block) {
        size += file.size;
        attachments.push({ id: ++lastId, name: file.name, size: file.size, block });
      } else {
        problems.push(`${file.name} was left out: it is neither text nor an image (PNG, JPEG, GIF, WebP).`);
      }
    }
  }

  return { attachments, problems };
}

/** Null for what is neither text nor an image. A folder can be dropped too, but not read. */
async function blockOf(file: File): Promise<ContentBlock | "unreadable" | null> {
  let data: Uint8Array;
  try {
    data = new Uint8Array(await file.arrayBuffer());
  } catch {
    return "unreadable";
  }

  return imageTypes.has(file.type) ? imageOf(file.type, data) : textOf(file, data);
}

function imageOf(mimeType: string, data: Uint8Array): ContentBlock {
  let binary = "";
  // In parts, since each byte becomes an argument.
  for (let at = 0; at < data.length; at += 0x8000) binary += String.fromCharCode(...data.subarray(at, at + 0x8000));
  return { type: "image", data: btoa(binary), mimeType };
}

function textOf(file: File, data: Uint8Array): ContentBlock | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
    if (text.includes("\0")) return null;
    return { type: "resource", resource: { uri: `attachment:///${encodeURIComponent(file.name)}`, mimeType: file.type || "text/plain", text } };
  } catch {
    return null;
  }
}
