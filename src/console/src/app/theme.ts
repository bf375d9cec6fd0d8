import { useSyncExternalStore } from "react";
import { storageOf } from "./storage.js";

export type Theme = "system" | "light" | "dark";

const name = "tinyvex.theme";
const listeners = new Set<() => void>();

/** The chosen theme, which `theme.js` has put on the document before the first paint. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, current), choose];
}

function current(): Theme {
  return (document.documentElement.dataset.theme as Theme | undefined) ?? "system";
}

function choose(theme: Theme): void {
  const storage = storageOf("localStorage");
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    storage?.removeItem(name);
  } else {
    document.documentElement.dataset.theme = theme;
    storage?.setItem(name, theme);
  }

  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
