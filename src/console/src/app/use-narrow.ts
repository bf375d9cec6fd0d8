import { useSyncExternalStore } from "react";

/** As in the style sheets. */
const narrow = matchMedia("(max-width: 40rem)");

/** Whether the page is as narrow as on a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => narrow.matches);
}

function listen(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}
