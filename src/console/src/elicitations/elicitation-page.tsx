import { safeLink } from "../conversation/link-policy.js";
import { visibleCode } from "../text/visible-text.js";
import type { Answering } from "./elicitation-card.js";

/** A page that the agent wants visited. Its whole address is shown, and opened by nobody but who clicks it. */
export function ElicitationPage({ url, isSending, send }: Answering & { url: string }) {
  const link = safeLink(url);
  const host = link && URL.canParse(link) ? new URL(link).host : null;
  return (
    <>
      <pre className="permission-command" tabIndex={0} data-testid="elicitation-url">{visibleCode(url)}</pre>
      <p className="note warn">
        {link ?
          <>This leads out of the console, to <strong>{visibleCode(host || link)}</strong>. The agent chose the address: open it only if you know it.</>
        : "This is no address of the web, so it is not offered as a link."}
      </p>
      <div className="permission-options" role="group" aria-label="Answers">
        {link && (
          <a className="button primary" href={link} target="_blank" rel="noopener noreferrer" onClick={() => send("accept")}>Open the page</a>
        )}
        <button type="button" className="button" disabled={isSending} onClick={() => send("accept")}>I will visit it</button>
        <button type="button" className="button" disabled={isSending} onClick={() => send("decline")}>Decline</button>
        <button type="button" className="button" disabled={isSending} onClick={() => send("cancel")}>Dismiss</button>
      </div>
    </>
  );
}
