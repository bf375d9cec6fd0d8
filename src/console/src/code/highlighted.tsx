import type { ElementContent, RootContent } from "hast";
import { Fragment, memo, useEffect, useMemo, useState, type ReactNode } from "react";
import { highlighter, isHighlightable, loadHighlighter } from "./highlight.js";
import "./highlighted.css";

/** Code with colours where its language is known and it is not too long; the same text in any case. */
export const Highlighted = memo(function Highlighted({ text, language }: { text: string; language: string | null }) {
  const [highlight, setHighlight] = useState(() => highlighter());
  const isWanted = useMemo(() => language !== null && isHighlightable(text), [text, language]);
  useEffect(() => {
    if (!isWanted || highlight) return;
    let isHere = true;
    // Without the highlighter, as when the server has just gone, the text stays plain.
    loadHighlighter().then((loaded) => isHere && setHighlight(() => loaded), () => undefined);
    return () => {
      isHere = false;
    };
  }, [isWanted, highlight]);
  const tree = useMemo(() => (isWanted && highlight && language !== null ? highlight(language, text) : null), [isWanted, highlight, language, text]);
  return <>{tree ? tree.children.map(nodeOf) : text}</>;
});

function nodeOf(node: RootContent | ElementContent, index: number): ReactNode {
  if (node.type === "text") return <Fragment key={index}>{node.value}</Fragment>;
  if (node.type !== "element") return null;
  const names = node.properties.className;
  return <span key={index} className={Array.isArray(names) ? names.join(" ") : undefined}>{node.children.map(nodeOf)}</span>;
}
