import type { FoundMessageRow } from "@tinyvex/client";
import { fragmentOf } from "../app/route.js";
import { useSearch } from "@tinyvex/react";
import { shortTime } from "../text/time.js";
import { visibleText } from "../text/visible-text.js";
import { piecesOf } from "./highlights.js";

/** Messages that hold the words, of archived threads too. */
export function SearchResults({ text, onGo }: { text: string; onGo(): void }) {
  const { rows, error, hasMore, isLoading, loadMore } = useSearch(text);
  return (
    <section aria-label="Search results" className="results" aria-busy={isLoading}>
      <p className="results-count" role="status">
        {error ? `The search failed: ${error.message}` : isLoading ? "Searching…" : rows.length === 0 ? "Nothing was found." : `${rows.length}${hasMore ? "+" : ""} found`}
      </p>
      <ul>{rows.map((row) => <Result key={`${row.threadId} ${row.itemId}`} row={row} onGo={onGo} />)}</ul>
      {hasMore && <button type="button" className="button small more" onClick={() => void loadMore()}>Show more</button>}
    </section>
  );
}

function Result({ row, onGo }: { row: FoundMessageRow; onGo(): void }) {
  return (
    <li className="result">
      <a href={fragmentOf({ page: "thread", threadId: row.threadId, itemId: row.itemId })} onClick={onGo}>
        <span className="result-facts">
          <span>{row.kind === "reason" ? "Thought" : row.role === "user" ? "You" : "Agent"}</span>
          <time dateTime={new Date(row.ts).toISOString()}>{shortTime(row.ts)}</time>
        </span>
        <span className="result-text" dir="auto">
          {piecesOf(row.snippet, row.highlights).map(({ text, isFound }, at) => (isFound ? <mark key={at}>{visibleText(text)}</mark> : <span key={at}>{visibleText(text)}</span>))}
        </span>
      </a>
    </li>
  );
}
