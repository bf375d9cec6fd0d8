import type { Feed, RowsView } from "@tinyvex/client";
import { useEffect, useReducer } from "react";
import { useTinyvex } from "@tinyvex/react";
import { visibleCode } from "../text/visible-text.js";

/** Milliseconds between two looks: a cursor moves with each update, too often to be told of each time. */
const every = 500;

/** What this page follows on the server, and up to which place it has it. */
export function FeedTable() {
  const client = useTinyvex();
  const [, look] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(look, every);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="table" tabIndex={0} role="group" aria-label="Table of feeds">
      <table>
        <thead>
          <tr><th scope="col">stream</th><th scope="col">thread</th><th scope="col">status</th><th scope="col">cursor</th></tr>
        </thead>
        <tbody>
          {client.followed().map((feed, at) => (
            <tr key={at}>
              <td>{feed.stream}</td>
              <td><code>{feed.threadId ? visibleCode(feed.threadId) : "all"}</code></td>
              <td>{(feed as Feed<Pick<RowsView<unknown>, "status">>).getSnapshot().status}</td>
              <td><code>{feed.cursor ?? "none yet"}</code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
