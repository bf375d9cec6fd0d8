import type { Feed } from "@tinyvex/client";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { isSame } from "./same.js";

/** A feed, or null where there is nothing to follow. */
export type Source<View> = Pick<Feed<View>, "subscribe" | "getSnapshot"> | null;

const never = () => () => {};

/** The view of a feed, `empty` without one and on a server. */
export function useFeed<View>(feed: Source<View>, empty: View): View {
  const getEmpty = () => empty;
  return useSyncExternalStore(feed?.subscribe ?? never, feed?.getSnapshot ?? getEmpty, getEmpty);
}

/** A part of the view of a feed. The component is rendered again only where that part is another one, as `isSame` sees it. */
export function useSelected<View, Selected>(feed: Source<View>, empty: View, select: (view: View) => Selected): Selected {
  const shown = useRef<{ value: Selected } | null>(null);
  const [get, getEmpty] = useMemo(() => {
    const remembering = () => {
      let last: { view: View; value: Selected } | null = null;
      return (view: View): Selected => {
        if (last?.view === view) return last.value;
        const value = select(view);
        // With a `select` that is written anew in each render nothing is remembered but what is shown.
        const before = last ?? shown.current;
        last = { view, value: before && isSame(before.value, value) ? before.value : value };
        return last.value;
      };
    };
    const selected = remembering();
    const selectedEmpty = remembering();
    return [() => selected(feed?.getSnapshot() ?? empty), () => selectedEmpty(empty)];
  }, [feed, empty, select]);
  const value = useSyncExternalStore(feed?.subscribe ?? never, get, getEmpty);
  useEffect(() => {
    shown.current = { value };
  }, [value]);
  return value;
}
