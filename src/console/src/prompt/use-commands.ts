import type { AvailableCommand } from "@tinyvex/client";
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { announce } from "../app/news.js";
import { commandsFor, missingInput, typedCommand, withCommand } from "./commands.js";

interface Commands {
  /** Those to choose from; none while no command is typed. */
  shown: readonly AvailableCommand[];
  /** Which of them Enter takes. */
  active: number;
  /** What the typed command takes, where nothing of it is typed yet. */
  hint: string | null;
  choose(command: AvailableCommand): void;
  setActive(at: number): void;
  /** Whether the key was for the list. */
  pressed(event: KeyboardEvent): boolean;
  /** The caret has moved. */
  moved(): void;
  /** The focus is elsewhere. */
  left(): void;
}

/** The commands that the prompt may begin with: what is shown of them, and the keys that choose one. */
export function useCommands(
  area: RefObject<HTMLTextAreaElement | null>, text: string, setText: (text: string) => void, commands: readonly AvailableCommand[],
): Commands {
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const [isClosed, setClosed] = useState(false);
  const caretAfter = useRef<number | null>(null);
  const typed = caret === null ? null : typedCommand(text, caret);
  const shown = typed === null || isClosed ? none : commandsFor(typed, commands);
  const count = shown.length;

  useEffect(() => {
    setActive(0);
    // Once closed it stays so until another command is begun.
    if (typed === null) setClosed(false);
  }, [typed]);
  useLayoutEffect(() => {
    // Below a long list what is typed stays in view.
    if (count > 0) area.current!.scrollIntoView({ block: "nearest" });
  }, [area, count]);
  useEffect(() => {
    if (count > 0) announce(`${count} ${count === 1 ? "command" : "commands"}`);
  }, [count]);
  useLayoutEffect(() => {
    if (caretAfter.current === null) return;
    area.current!.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  }, [area, text]);

  function moved() {
    const { selectionStart, selectionEnd } = area.current!;
    // Where something is marked, the next key replaces it and completes nothing.
    setCaret(selectionStart === selectionEnd ? selectionStart : null);
  }

  function choose(command: AvailableCommand) {
    const next = withCommand(text, command);
    caretAfter.current = next.caret;
    setText(next.text);
    setCaret(next.caret);
  }

  function pressed(event: KeyboardEvent): boolean {
    const command = shown[active];
    if (!command || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return false;
    switch (event.key) {
      case "ArrowDown":
        setActive((active + 1) % count);
        break;
      case "ArrowUp":
        setActive((active - 1 + count) % count);
        break;
      case "Escape":
        setClosed(true);
        break;
      case "Enter":
        // Typed to its end it is sent, as it would be without the list.
        if (typed === command.name) return false;
        choose(command);
        break;
      case "Tab":
        choose(command);
        break;
      default:
        return false;
    }

    event.preventDefault();
    return true;
  }

  const left = () => setCaret(null);
  return { shown, active: Math.min(active, Math.max(0, count - 1)), hint: missingInput(text, commands), choose, setActive, pressed, moved, left };
}

const none: readonly AvailableCommand[] = [];
