/** Calls `woken` when a browser says that the network or the page is back, and `lost` when it says that there is no network. Call what it returns to stop. */
export function onWake(woken: () => void, lost: () => void): () => void {
  const events = globalThis as Partial<Pick<Window, "addEventListener" | "removeEventListener">>;
  const page = (globalThis as { document?: Document }).document;
  const shown = () => {
    if (page?.visibilityState === "visible") woken();
  };
  // React Native has a global object without events.
  events.addEventListener?.("online", woken);
  events.addEventListener?.("offline", lost);
  page?.addEventListener?.("visibilitychange", shown);
  return () => {
    events.removeEventListener?.("online", woken);
    events.removeEventListener?.("offline", lost);
    page?.removeEventListener?.("visibilitychange", shown);
  };
}
