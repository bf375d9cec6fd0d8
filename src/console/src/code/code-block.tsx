import { memo, useState } from "react";
import { visibleCode } from "../text/visible-text.js";
import { CopyButton } from "./copy-button.js";
import { Highlighted } from "./highlighted.js";
import "./code-block.css";

interface CodeBlockProps {
  text: string;
  language?: string | null;
  /** What the block is, for its heading. */
  title?: string;
  /** Lines beyond which it is folded. */
  fold?: number;
}

/** A block of code or output, which scrolls sideways within itself. */
export const CodeBlock = memo(function CodeBlock({ text, language = null, title, fold = 60 }: CodeBlockProps) {
  const [isOpen, setOpen] = useState(false);
  const { head, rest } = foldedAt(text, fold);
  const shown = visibleCode(isOpen ? text : head);
  return (
    <figure className="code" dir="ltr">
      <figcaption>
        <span>{title ?? language ?? "text"}</span>
        <CopyButton text={text} label="Copy code" />
      </figcaption>
      <pre tabIndex={0} role="group" aria-label={title ?? `Code${language ? `, ${language}` : ""}`}><code><Highlighted text={shown} language={language} /></code></pre>
      {rest > 0 && (
        <button type="button" className="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Show less" : `Show ${rest} more ${rest === 1 ? "line" : "lines"}`}
        </button>
      )}
    </figure>
  );
});

function foldedAt(text: string, lines: number): { head: string; rest: number } {
  let at = -1;
  for (let i = 0; i < lines; i++) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return { head: text, rest: 0 };
  }

  const rest = text.slice(at + 1).trimEnd();
  return rest === "" ? { head: text, rest: 0 } : { head: text.slice(0, at), rest: rest.split("\n").length };
}
