// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Announcer } from "../../../src/console/src/app/announcer.tsx";
import { announce, announceFailure, mostFailures, shownFor } from "../../../src/console/src/app/news.ts";
import { Toasts } from "../../../src/console/src/app/toasts.tsx";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("a failure", () => {
  it("is shown as an alert for some seconds, and can be dismissed before", () => {
    vi.useFakeTimers();
    render(<Toasts />);
    act(() => {
      announceFailure("one");
      announceFailure("two");
    });
    expect(screen.getAllByRole("alert").map((one) => one.textContent)).toEqual(["one", "two"]);
    fireEvent.click(screen.getAllByRole("button", { name: "Dismiss" })[0]!);
    expect(screen.getAllByRole("alert").map((one) => one.textContent)).toEqual(["two"]);
    act(() => vi.advanceTimersByTime(shownFor));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("is one of few, of which the last ones count", () => {
    vi.useFakeTimers();
    render(<Toasts />);
    act(() => Array.from({ length: mostFailures + 1 }, (_, at) => announceFailure(`${at}`)));
    expect(screen.getAllByRole("alert").map((one) => one.textContent)).toEqual(["1", "2", "3"]);
    act(() => vi.advanceTimersByTime(shownFor));
  });
});

describe("what is announced", () => {
  it("is for screen readers alone", () => {
    const { container } = render(<><Toasts /><Announcer /></>);
    act(() => announce("Renamed"));
    expect(screen.getByRole("status").textContent).toBe("Renamed");
    expect(container.querySelector("[role=alert]")).toBeNull();
  });
});
