import { useCallback, useSyncExternalStore } from "react";
import { storageOf } from "../app/storage.js";
import { Drafts } from "./drafts.js";

const storage = storageOf("localStorage");

/** The drafts of this page. */
export const drafts = new Drafts(storage);

if (storage) {
  addEventListener("storage", ({ key, oldValue, newValue, storageArea }) => {
    if (storageArea === storage) drafts.changed(key, oldValue, newValue);
  });
}

/** What is typed for a thread, and the way to change it. */
export function useDraft(thread: string): [text: string, setText: (text: string) => void] {
  const text = useSyncExternalStore(
    useCallback((listener) => drafts.subscribe(thread, listener), [thread]),
    () => drafts.get(thread),
  );
  return [text, useCallback((next) => drafts.set(thread, next), [thread])];
}
