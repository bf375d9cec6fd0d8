import { useMemo, useSyncExternalStore } from "react";
import { fragmentOf, routeOf, type Route } from "./route.js";

export function useRoute(): Route {
  const fragment = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => routeOf(fragment), [fragment]);
}

/** Goes to a page. With `replace` the one before is not gone back to. */
export function navigate(route: Route, { replace = false } = {}): void {
  const fragment = fragmentOf(route);
  if (!replace) {
    location.hash = fragment;
    return;
  }

  history.replaceState(null, "", fragment);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}
