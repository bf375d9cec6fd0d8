import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { Conversation } from "../conversation/conversation.js";
import { useConnection, useElicitations, usePermissions } from "@tinyvex/react";
import { PermissionBanner } from "../permissions/permission-banner.js";
import { Announcer } from "./announcer.js";
import "./app.css";
import "./controls.css";
import { DrawerContext } from "./drawer.js";
import { ErrorBoundary } from "./error-boundary.js";
import { Home } from "./home.js";
import { announce } from "./news.js";
import { OfflineBanner } from "./offline-banner.js";
import { useWaitingInTitle } from "./page-title.js";
import { fragmentOf, type Route } from "./route.js";
import { ShortcutsDialog } from "./shortcuts-dialog.js";
import { Sidebar } from "./sidebar.js";
import { Toasts } from "./toasts.js";
import { useAnnouncedConnection } from "./use-announced-connection.js";
import { useDrawerState } from "./use-drawer-state.js";
import { navigate, useRoute } from "./use-route.js";
import { useShortcuts } from "./use-shortcuts.js";

const AgentsPage = lazy(() => import("../agents/agents-page.js"));
const InspectorPage = lazy(() => import("../inspector/inspector-page.js"));
const ServerPage = lazy(() => import("../server/server-page.js"));

/** The console of somebody who is signed in. */
export function App() {
  const route = useRoute();
  const { state } = useConnection();
  const [hasShortcuts, setShortcuts] = useState(false);
  const drawer = useDrawerState();
  const main = useRef<HTMLElement>(null);
  const here = fragmentOf(route);
  useAnnouncedConnection(state);
  useReady(state === "open");
  useShortcuts({
    "?": () => setShortcuts(true),
    n: () => navigate({ page: "new" }),
    c: () => document.getElementById("prompt")?.focus(),
    p: () => focusPermission(),
    "g t": () => navigate({ page: "new" }),
    "g a": () => navigate({ page: "agents" }),
    "g i": () => navigate({ page: "inspector" }),
    "g s": () => navigate({ page: "server" }),
  });

  return (
    <DrawerContext value={drawer}>
      <a className="skip visually-hidden" href="#main" onClick={(event) => {
        event.preventDefault();
        main.current!.focus();
      }}>Skip to the content</a>
      <div className="app">
        <Sidebar route={route} onShortcuts={() => setShortcuts(true)} />
        {drawer.isOpen && <button type="button" className="scrim" tabIndex={-1} aria-label="Close the sidebar" onClick={() => drawer.setOpen(false)} />}
        <div className="main" inert={drawer.isOpen}>
          <OfflineBanner />
          <ErrorBoundary what="A request of another thread" resetKey={here}><OtherRequests threadId={route.page === "thread" ? route.threadId : null} /></ErrorBoundary>
          <main ref={main} id="main" tabIndex={-1}>
            <ErrorBoundary what="This page" resetKey={here}>
              <Suspense fallback={<div className="loading-page"><span className="spinner" /></div>}><Page route={route} /></Suspense>
            </ErrorBoundary>
          </main>
        </div>
      </div>
      {hasShortcuts && <ShortcutsDialog onClose={() => setShortcuts(false)} />}
      <Toasts />
      <Announcer />
    </DrawerContext>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "new":
      return <Home />;
    case "thread":
      return <Conversation key={route.threadId} threadId={route.threadId} itemId={route.itemId ?? null} />;
    case "agents":
      return <AgentsPage />;
    case "inspector":
      return <InspectorPage />;
    case "server":
      return <ServerPage />;
  }
}

/** Requests of other threads as a banner, and each new one said once. */
function OtherRequests({ threadId }: { threadId: string | null }) {
  const { pending: permissions } = usePermissions();
  const { pending: elicitations } = useElicitations();
  const pending = useMemo(() => [...permissions, ...elicitations], [permissions, elicitations]);
  const waiting = useMemo(() => pending.filter((row) => row.threadId !== threadId), [pending, threadId]);
  const count = useRef(0);
  useWaitingInTitle(pending.length);
  useEffect(() => {
    if (pending.length > count.current) announce("An agent asks for something");
    count.current = pending.length;
  }, [pending]);
  return <PermissionBanner waiting={waiting} />;
}

function focusPermission(): void {
  const card = document.querySelector<HTMLElement>(".permission .field, .permission .button") ?? document.querySelector<HTMLElement>(".banner a");
  card?.focus();
}

/** For those who drive the page from outside: it is connected and showing. */
function useReady(isReady: boolean): void {
  useEffect(() => {
    if (isReady) document.documentElement.dataset.tinyvexReady = "";
    else delete document.documentElement.dataset.tinyvexReady;
  }, [isReady]);
}
