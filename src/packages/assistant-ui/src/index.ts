"use client";
export { promptAttachments } from "./attachments.js";
export { TinyvexToolCall } from "./tool-call.js";
export type { ToolCallArtifact } from "./tool-call-part.js";
export type { TurnMetadata } from "./turn-message.js";
export { useTinyvexRuntime, type TinyvexRuntimeOptions } from "./use-tinyvex-runtime.js";
