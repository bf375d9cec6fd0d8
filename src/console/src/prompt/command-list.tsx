import type { AvailableCommand } from "@tinyvex/client";
import { useLayoutEffect, useRef } from "react";
import { visibleCode, visibleText } from "../text/visible-text.js";
import "./command-list.css";

interface CommandListProps {
  id: string;
  commands: readonly AvailableCommand[];
  active: number;
  onChoose(command: AvailableCommand): void;
  onActive(at: number): void;
}

/** The name of one of its options, for `aria-activedescendant`. */
export function optionId(listId: string, at: number): string {
  return `${listId}-${at}`;
}

/** The agent's commands to choose from. The focus stays in the prompt. */
export function CommandList({ id, commands, active, onChoose, onActive }: CommandListProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current!.children[active]?.scrollIntoView({ block: "nearest" });
  }, [commands, active]);
  return (
    <ul ref={list} id={id} role="listbox" aria-label="Commands" className="commands">
      {commands.map((command, at) => {
        const { name, description, input } = command;
        return (
          <li
            key={`${at} ${name}`} id={optionId(id, at)} role="option" aria-selected={at === active}
            onMouseDown={(event) => event.preventDefault()} onMouseMove={() => at !== active && onActive(at)} onClick={() => onChoose(command)}
          >
            <code>/{visibleCode(name)}</code>
            {typeof input?.hint === "string" && input.hint !== "" && <span className="command-input">{visibleText(input.hint)}</span>}
            {typeof description === "string" && <span className="command-description">{visibleText(description)}</span>}
          </li>
        );
      })}
    </ul>
  );
}
