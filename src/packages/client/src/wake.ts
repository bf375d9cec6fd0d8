/** Calls `woken` when a browser says that the network or the page is back. Call what it returns to stop. */
export function onWake(woken: () => void): () => void {
  const events = globalThis as Partial<Pick<Window, "addEventListener" | "removeEventListener">>;
  const page = (globalThis as { document?: Document }).document;
  const shown = () => {
    if (page?.visibilityState === "visible") woken();
  };
  // React Native has a global object without events.
  events.addEventListener?.("online", woken);
  page?.addEventListener?.("visibilitychange", shown);
  return () => {
    events.removeEventListener?.("online", woken);
    page?.removeEventListener?.("visibilitychange", shown);
  };
}
