import { memo, useMemo, useState } from "react";
import { CopyButton } from "../code/copy-button.js";
import { visibleCode } from "../text/visible-text.js";
import { diffOf, type DiffLine } from "./diff.js";
import "./diff-view.css";

interface DiffViewProps {
  path: string;
  before: string | null | undefined;
  after: string;
}

/** Lines beyond which a diff is folded. */
const fold = 80;
/** Lines that are rendered at all. */
const mostLines = 5_000;
const signs = { same: " ", added: "+", removed: "−" } as const;
const words = { same: "", added: "added: ", removed: "removed: " } as const;

/** A unified diff of one file. */
export const DiffView = memo(function DiffView({ path, before, after }: DiffViewProps) {
  const diff = useMemo(() => diffOf(before, after), [before, after]);
  const [isOpen, setOpen] = useState(false);
  const lines = useMemo(() => diff.hunks.flatMap<DiffLine | null>((hunk, at) => (at === 0 ? hunk.lines : [null, ...hunk.lines])), [diff]);
  const shown = lines.slice(0, isOpen ? mostLines : fold);
  return (
    <figure className="diff" dir="ltr">
      <figcaption>
        <span className="diff-path">{visibleCode(path)}</span>
        <span className="diff-added">+{diff.added}</span>
        <span className="diff-removed">−{diff.removed}</span>
        {before === null && <span className="badge">new file</span>}
        <CopyButton text={after} label="Copy new text" />
      </figcaption>
      {lines.length === 0 ? <p className="diff-none">{diff.lastNewline ? `The newline at the end is ${diff.lastNewline}.` : "Nothing changes."}</p> : (
        <div className="diff-lines" tabIndex={0} role="group" aria-label={`Changes in ${path}`}>
          <table>
            <tbody>{shown.map((line, at) => <Line key={at} line={line} />)}</tbody>
          </table>
        </div>
      )}
      {lines.length > fold && (
        <button type="button" className="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Show less" : `Show ${Math.min(lines.length, mostLines) - fold} more lines`}
        </button>
      )}
      {isOpen && lines.length > mostLines && <p className="diff-none">{lines.length - mostLines} more lines are not shown.</p>}
    </figure>
  );
});

function Line({ line }: { line: DiffLine | null }) {
  if (!line) return <tr className="gap"><td colSpan={3}>⋯</td></tr>;
  return (
    <tr className={line.kind}>
      <td className="number">{line.before ?? ""}</td>
      <td className="number">{line.after ?? ""}</td>
      <td className="line"><span aria-hidden="true">{signs[line.kind]} </span><span className="visually-hidden">{words[line.kind]}</span>{visibleCode(line.text)}</td>
    </tr>
  );
}
