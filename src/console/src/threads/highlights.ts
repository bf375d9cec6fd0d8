export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

/** A snippet in pieces, by the places of what was found in it: each start and length in UTF-16 units. */
export function piecesOf(snippet: string, highlights: readonly (readonly [number, number])[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [start, length] of [...highlights].sort((a, b) => a[0] - b[0])) {
    const from = Math.max(at, start);
    const to = Math.min(snippet.length, start + length);
    if (to <= from) continue;
    if (from > at) pieces.push({ text: snippet.slice(at, from), isFound: false });
    pieces.push({ text: snippet.slice(from, to), isFound: true });
    at = to;
  }

  if (at < snippet.length) pieces.push({ text: snippet.slice(at), isFound: false });
  return pieces;
}
