export type Route =
  | { page: "new" }
  | { page: "thread"; threadId: string; itemId?: string }
  | { page: "agents" }
  | { page: "inspector" }
  | { page: "server" };

const pages = new Set(["agents", "inspector", "server"] as const);

/** The page that a fragment names; the start page where it names none. */
export function routeOf(fragment: string): Route {
  const [page, id, at] = fragment.replace(/^#?\/?/, "").split("/");
  if (page === "t" && id) {
    const threadId = decoded(id);
    const itemId = at ? decoded(at) : null;
    if (threadId) return itemId ? { page: "thread", threadId, itemId } : { page: "thread", threadId };
  }

  return pages.has(page as never) ? { page: page as "agents" } : { page: "new" };
}

/** The fragment that names a page. */
export function fragmentOf(route: Route): string {
  if (route.page === "new") return "#/";
  if (route.page !== "thread") return `#/${route.page}`;
  const thread = `#/t/${encodeURIComponent(route.threadId)}`;
  return route.itemId ? `${thread}/${encodeURIComponent(route.itemId)}` : thread;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
