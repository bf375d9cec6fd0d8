const fence = /^ {0,3}(`{3,}|~{3,})/;
const listItem = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
const definition = /^ {0,3}\[[^\]]+\]:/m;

/**
 * Markdown cut where a new block surely begins, so that of a text that grows only the last block is read again. Cuts are at empty lines
 * outside of fenced code before text that is not indented; a list stays whole, and so does a text with definitions, which hold everywhere.
 */
export function markdownBlocks(text: string): string[] {
  if (definition.test(text)) return [text];
  const blocks: string[] = [];
  let start = 0;
  let open: string | null = null;
  let isList = false;
  let isAfterEmpty = false;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const next = end < 0 ? text.length : end + 1;
    const line = text.slice(at, end < 0 ? text.length : end);
    const marker = fence.exec(line)?.[1];
    const isItem = listItem.test(line);
    if (line.trim() === "") {
      isAfterEmpty = open === null;
    } else {
      if (open === null && isAfterEmpty && !/^\s/.test(line) && !(isList && isItem)) {
        blocks.push(text.slice(start, at));
        start = at;
        isList = false;
      }

      if (at === start) isList = isItem;
      else if (isItem && open === null) isList = true;
      isAfterEmpty = false;
      if (open === null) open = marker ?? null;
      else if (marker?.startsWith(open) && line.trim() === marker) open = null;
    }

    at = next;
  }

  if (start < text.length) blocks.push(text.slice(start));
  return blocks;
}
