// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { cleanup, render } from "@testing-library/react";
import type { PlanRow } from "@tinyvex/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ErrorBoundary } from "../../../src/console/src/app/error-boundary.tsx";
import { Plan } from "../../../src/console/src/conversation/plan.tsx";
import { promptText } from "../../../src/console/src/conversation/prompt-text.ts";
import { Working } from "../../../src/console/src/conversation/working.tsx";
import { objectsOf } from "../../../src/console/src/text/objects-of.ts";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("what is no object", () => {
  it("is passed over in a list, and a good list stays the same one", () => {
    const good = [{ a: 1 }];
    expect(objectsOf(good)).toBe(good);
    expect(objectsOf([null, 1, "a", { a: 1 }] as object[])).toEqual([{ a: 1 }]);
    for (const none of [null, undefined, "text", {}]) expect(objectsOf(none as null)).toEqual([]);
  });

  it("is no entry of a plan", () => {
    const plan = { entries: [null, { content: "Test", status: "completed", priority: "high" }, 5] } as unknown as PlanRow;
    expect(render(<Plan plan={plan} isRunning />).container.textContent).toContain("1 of 1 done");
    expect(promptText([null, { type: "text", text: "hi" }] as never)).toBe("hi");
  });
});

describe("a part that cannot be shown", () => {
  it("is tried again with another row", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const Part = ({ row }: { row: { text: string | null } }) => <p>{row.text!.trim()}</p>;
    const shown = (row: { text: string | null }) => <ErrorBoundary what="It" resetKey={row}><Part row={row} /></ErrorBoundary>;
    const { container, rerender } = render(shown({ text: null }));
    expect(container.textContent).toContain("It could not be shown");
    rerender(shown({ text: "fine" }));
    expect(container.textContent).toBe("fine");
  });
});

describe("a turn under way", () => {
  it("says for how long its agent is silent, once the server does", () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const { container, rerender } = render(<Working run={{ agent: "codex", stalledAt: null }} />);
    expect(container.textContent).toBe("codex is working");
    rerender(<Working run={{ agent: "codex", stalledAt: 1_000_000 - 200_000 }} />);
    expect(container.textContent).toBe("codex is working, silent for 3 min");
  });
});
