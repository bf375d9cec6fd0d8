import { useId, useMemo } from "react";
import { Icon } from "../app/icon.js";
import { useThreads } from "@tinyvex/react";
import { directoriesOf } from "./choices.js";

interface DirectoryChoiceProps {
  value: string;
  onChange(directory: string): void;
}

/** The directory that the agent works in; those of known threads are offered. */
export function DirectoryChoice({ value, onChange }: DirectoryChoiceProps) {
  const list = useId();
  const { rows } = useThreads();
  const directories = useMemo(() => directoriesOf(rows), [rows]);
  return (
    <label className="choice directory">
      <Icon name="folder" size={14} />
      <span className="visually-hidden">Working directory</span>
      <input
        type="text" list={list} value={value} dir="ltr" spellCheck={false} autoComplete="off" autoCapitalize="off"
        placeholder="Directory (the server's own)" onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>{directories.map((directory) => <option key={directory} value={directory} />)}</datalist>
    </label>
  );
}
