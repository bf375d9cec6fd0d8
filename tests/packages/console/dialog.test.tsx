// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { cleanup, fireEvent, render } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Dialog } from "../../../src/console/src/app/dialog.tsx";

afterEach(cleanup);

function open() {
  const onClose = vi.fn();
  const { container } = render(<StrictMode><Dialog title="Rename" onClose={onClose}><input /></Dialog></StrictMode>);
  // Browsers tell of a close later, when it is open again; happy-dom does at once.
  onClose.mockClear();
  const dialog = container.querySelector("dialog")!;
  dialog.getBoundingClientRect = () => ({ left: 100, right: 300, top: 100, bottom: 200 }) as DOMRect;
  const click = (on: Element, x: number, y: number, from = { x, y }) => {
    fireEvent.pointerDown(on, { clientX: from.x, clientY: from.y });
    fireEvent.click(on, { clientX: x, clientY: y });
  };
  return { dialog, onClose, click };
}

describe("a dialog", () => {
  it("stays open where development runs its effect twice, and tells once that it was closed", () => {
    const { dialog, onClose } = open();
    expect(dialog.open).toBe(true);
    fireEvent(dialog, new Event("close"));
    expect(onClose).not.toHaveBeenCalled();
    dialog.open = false;
    fireEvent(dialog, new Event("close"));
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("is closed by a click beside it, and by none on its padding or that only ends beside it", () => {
    const { dialog, onClose, click } = open();
    click(dialog, 105, 105);
    click(dialog.querySelector("input")!, 0, 0);
    click(dialog, 50, 50, { x: 150, y: 150 });
    expect(onClose).not.toHaveBeenCalled();
    click(dialog, 50, 50);
    expect(onClose).toHaveBeenCalledOnce();
  });
});
