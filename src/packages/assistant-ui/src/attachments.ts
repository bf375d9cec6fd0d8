import { generateId, type AttachmentAdapter } from "@assistant-ui/react";
import { base64 } from "./content-parts.js";

/** A frame of the protocol takes 16 MiB, and base64 makes four bytes of three. */
const mostBytes = 10 * 1024 * 1024;

/** Takes files of any kind into the prompt: images as images, sound as sound, others as embedded resources, with their text where they are text. */
export const promptAttachments: AttachmentAdapter = {
  accept: "*",

  async add({ file }) {
    if (file.size > mostBytes) throw new Error(`${file.name} is larger than the ${mostBytes / 1024 / 1024} MiB that a prompt can hold.`);
    return {
      id: generateId(),
      type: file.type.startsWith("image/") ? "image" : "document",
      name: file.name,
      contentType: file.type,
      file,
      status: { type: "requires-action", reason: "composer-send" },
    };
  },

  async send(attachment, { signal } = {}) {
    const { file, name } = attachment;
    const bytes = new Uint8Array(await file.arrayBuffer());
    signal?.throwIfAborted();
    const data = base64(bytes);
    // Whether it is text is seen in its bytes, once it becomes a block.
    const mimeType = file.type || "application/octet-stream";
    return {
      ...attachment,
      status: { type: "complete" },
      content: [
        mimeType.startsWith("image/") ?
          { type: "image", image: `data:${mimeType};base64,${data}`, filename: name }
        : { type: "file", data, mimeType, filename: name },
      ],
    };
  },

  async remove() {},
};
