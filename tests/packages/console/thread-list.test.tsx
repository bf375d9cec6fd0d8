// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ThreadList } from "../../../src/console/src/threads/thread-list.tsx";

const rows = vi.hoisted(() => ({ value: {} as object }));
vi.mock("@tinyvex/react", () => ({
  useThreads: () => rows.value,
  useRuns: () => ({ rows: [] }),
  usePermissions: () => ({ pending: [] }),
  useElicitations: () => ({ pending: [] }),
  useTinyvex: () => ({}),
}));

afterEach(cleanup);

function shown(state: object): string {
  rows.value = { rows: [], status: "live", error: null, hasMore: false, isLoadingMore: false, loadMore: async () => undefined, ...state };
  return render(<ThreadList archived currentId={null} />).container.textContent!;
}

describe("the list of archived threads", () => {
  it("says that there are none once it knows", () => expect(shown({})).toBe("No thread is archived."));

  it("is loading while its first page is, though its subscription is live", () => expect(shown({ isLoadingMore: true })).toBe("Loading…"));

  it("says what was refused", () => expect(shown({ error: new Error("it took too long") })).toBe("Threads cannot be listed: it took too long"));
});
