import type { ThreadItem } from "@tinyvex/client";
import { useEffect, useRef, type RefObject } from "react";

/** Pages that are loaded at most to come to a message that was searched for. */
const mostPages = 50;

/** Goes to the message that the address names, and loads what is older until it is there. */
export function useFound(
  content: RefObject<HTMLElement | null>, itemId: string | null, items: readonly ThreadItem[], hasOlder: boolean, isLoading: boolean, loadOlder: () => void,
): void {
  const search = useRef({ itemId: null as string | null, pages: 0 });
  useEffect(() => {
    if (itemId === null) return;
    if (search.current.itemId !== itemId) search.current = { itemId, pages: 0 };
    const state = search.current;
    if (state.pages > mostPages || isLoading) return;
    const element = content.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(`m:${itemId}`)}"]`);
    if (element) {
      state.pages = mostPages + 1;
      const thought = element.querySelector("details");
      if (thought) thought.open = true;
      element.scrollIntoView({ block: "center" });
      element.classList.add("found");
      element.focus({ preventScroll: true });
    } else if (hasOlder && items.length > 0) {
      state.pages++;
      loadOlder();
    }
  }, [content, itemId, items, hasOlder, isLoading, loadOlder]);
}
