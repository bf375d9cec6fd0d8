import { useConnection, useTinyvex } from "@tinyvex/react";
import { Icon } from "./icon.js";
import { useNow } from "./use-now.js";

/** What the client says where nothing else is known, and the banner with it. */
const unreached = "the server cannot be reached";

/** Says that what is shown may be old, why, and when it is tried again. */
export function OfflineBanner() {
  const client = useTinyvex();
  const { state, attempt, retryAt, reason } = useConnection();
  const now = useNow(retryAt !== null, 1_000);
  // The first attempt of all is no news.
  if (state === "open" || state === "idle" || state === "refused" || (state === "connecting" && attempt <= 1 && reason === null)) return null;
  const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1_000));
  return (
    <div className="banner bad" role="region" aria-label="Offline">
      <Icon name="alert" />
      <span className="banner-text">
        {navigator.onLine ? "The server is not reached" : "This device is offline"}{reason && reason !== unreached ? ` (${reason})` : ""}. What you send waits.{" "}
        {retryAt === null ? "Connecting…" : `Next attempt in ${seconds} s.`}
      </span>
      <button type="button" className="button small" onClick={() => client.wake()}>Try now</button>
    </div>
  );
}
