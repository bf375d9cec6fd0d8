import type { ThreadRow } from "@tinyvex/client";
import { visibleText } from "../text/visible-text.js";

export function titleOf({ title }: Pick<ThreadRow, "title">): string {
  return visibleText(title?.replace(/\s+/g, " ").trim() || "Untitled thread");
}
