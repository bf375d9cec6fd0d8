import { useSyncExternalStore } from "react";
import { visibleText } from "../text/visible-text.js";
import { Icon } from "./icon.js";
import { dismissFailure, listenToNews, news } from "./news.js";
import "./toasts.css";

/** What failed lately and is shown nowhere else. An alert is said at once by a screen reader, as soon as it comes into the page. */
export function Toasts() {
  const failures = useSyncExternalStore(listenToNews, () => news().failures);
  return (
    <div className="toasts">
      {failures.map(({ id, text }) => (
        <div key={id} className="note bad toast" role="alert">
          <span dir="auto">{visibleText(text)}</span>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismissFailure(id)}><Icon name="close" /></button>
        </div>
      ))}
    </div>
  );
}
