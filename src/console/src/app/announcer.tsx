import { useSyncExternalStore } from "react";
import { listenToNews, news } from "./news.js";

/** The live region that `announce` speaks through. There is one on the page. */
export function Announcer() {
  const { text, count } = useSyncExternalStore(listenToNews, () => news().said);
  return (
    <div role="status" aria-live="polite" className="visually-hidden" data-testid="announcer">
      <span key={count}>{text}</span>
    </div>
  );
}
