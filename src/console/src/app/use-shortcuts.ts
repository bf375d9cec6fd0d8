import { useEffect, useRef } from "react";

/** Keys, such as `n` or `g a` for one after the other, and what they do. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** How long the second key of a pair may take, in milliseconds. */
const pairTime = 1_500;

/** What takes the keys for itself while it is open: a dialog, a menu, the drawer. */
const open = "dialog[open], :popover-open, .sidebar.open";

/** Single keys for the whole page, while nobody types and nothing is open above it. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector(open)) return;
      const pair = first && event.timeStamp - first.at < pairTime ? `${first.key} ${event.key}` : null;
      first = null;
      const act = (pair !== null && current.current[pair]) || current.current[event.key];
      if (act) {
        event.preventDefault();
        act();
      } else if (Object.keys(current.current).some((keys) => keys.startsWith(`${event.key} `))) {
        first = { key: event.key, at: event.timeStamp };
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
