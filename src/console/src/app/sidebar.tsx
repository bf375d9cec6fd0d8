import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { SearchResults } from "../threads/search-results.js";
import { ThreadList } from "../threads/thread-list.js";
import "../threads/threads.css";
import { ConnectionStatus } from "./connection-status.js";
import { useDrawer } from "./drawer.js";
import { Icon, type IconName } from "./icon.js";
import type { Route } from "./route.js";
import { useShortcuts } from "./use-shortcuts.js";
import { useTheme, type Theme } from "./theme.js";

const pages: readonly [Route["page"], string, IconName][] = [["agents", "Agents", "robot"], ["inspector", "Inspector", "pulse"], ["server", "Server", "server"]];
const themes: Record<Theme, { icon: IconName; next: Theme }> = {
  system: { icon: "auto", next: "light" }, light: { icon: "sun", next: "dark" }, dark: { icon: "moon", next: "system" },
};

/** Threads, their search, and the way to the other pages. A drawer where there is no room for it. */
export function Sidebar({ route, onShortcuts }: { route: Route; onShortcuts(): void }) {
  const { isOpen, setOpen } = useDrawer();
  const [text, setText] = useState("");
  const [archived, setArchived] = useState(false);
  const [theme, setTheme] = useTheme();
  const search = useRef<HTMLInputElement>(null);
  const currentId = route.page === "thread" ? route.threadId : null;
  useShortcuts({
    "/": () => {
      // What is hidden cannot be focused.
      flushSync(() => setOpen(true));
      search.current!.focus();
    },
  });
  const close = useRef<HTMLButtonElement>(null);
  const latest = useRef(setOpen);
  useEffect(() => {
    latest.current = setOpen;
  });
  useEffect(() => latest.current(false), [route]);
  useEffect(() => {
    if (!isOpen) return;
    const opener = document.activeElement;
    close.current!.focus();
    return () => (opener as HTMLElement | null)?.focus();
  }, [isOpen]);

  useEffect(() => {
    if (!isOpen) return;
    // Wherever the focus is: behind an open drawer nothing takes a key.
    const pressed = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || isWithin("dialog", event.target)) return;
      event.preventDefault();
      latest.current(false);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [isOpen]);

  function pressed(event: KeyboardEvent) {
    // What a dialog of a thread's menu does with the key is the dialog's.
    if (event.key !== "Escape" || event.defaultPrevented || text === "" || isWithin("dialog", event.target)) return;
    event.preventDefault();
    setText("");
  }

  return (
    <nav id="sidebar" className={isOpen ? "sidebar open" : "sidebar"} aria-label="Threads and pages" onKeyDown={pressed}>
      <div className="sidebar-head">
        <a className="brand" href="#/">Tinyvex</a>
        <ConnectionStatus />
        <button ref={close} type="button" className="icon-button drawer-button" aria-label="Close" onClick={() => setOpen(false)}><Icon name="close" /></button>
      </div>
      <div className="sidebar-tools">
        <a className="button new-thread" href="#/" aria-current={route.page === "new" ? "page" : undefined}><Icon name="plus" />New thread</a>
        <label className="search">
          <Icon name="search" />
          <input
            ref={search} type="search" className="field" placeholder="Search" aria-label="Search messages" value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      </div>
      <div className="sidebar-list">
        {text.trim() !== "" ? <SearchResults text={text} onGo={() => setOpen(false)} /> : (
          <>
            <div className="list-choice" role="group" aria-label="Which threads">
              <button type="button" aria-pressed={!archived} onClick={() => setArchived(false)}>Active</button>
              <button type="button" aria-pressed={archived} onClick={() => setArchived(true)}>Archived</button>
            </div>
            <ThreadList archived={archived} currentId={currentId} />
          </>
        )}
      </div>
      <div className="sidebar-foot">
        {pages.map(([page, label, icon]) => (
          <a key={page} className="foot-link" href={`#/${page}`} aria-current={route.page === page ? "page" : undefined}><Icon name={icon} />{label}</a>
        ))}
        <button type="button" className="icon-button" aria-label={`Theme: ${theme}. Switch to ${themes[theme].next}`} title={`Theme: ${theme}`} onClick={() => setTheme(themes[theme].next)}>
          <Icon name={themes[theme].icon} />
        </button>
        <button type="button" className="icon-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={onShortcuts}><Icon name="keyboard" /></button>
      </div>
    </nav>
  );
}

function isWithin(selector: string, target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
