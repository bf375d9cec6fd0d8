// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Announcer } from "../../../src/console/src/app/announcer.tsx";
import { Toasts } from "../../../src/console/src/app/toasts.tsx";
import { PolicyChoice } from "../../../src/console/src/conversation/policy-choice.tsx";

const request = vi.hoisted(() => vi.fn());
vi.mock("@tinyvex/react", () => ({ usePolicy: () => ({ policy: "ask", setBy: null }), useTinyvex: () => ({ request }) }));

afterEach(cleanup);

function choose(): void {
  render(<><PolicyChoice threadId="t1" /><Toasts /><Announcer /></>);
  fireEvent.change(screen.getByRole("combobox"), { target: { value: "allow-reads" } });
}

describe("another policy", () => {
  it("that is refused is said to be, and not to be in force", async () => {
    request.mockRejectedValueOnce(new Error("the disk is full"));
    choose();
    await waitFor(() => expect(screen.getByRole("alert").textContent).toBe("“May read here” was not taken: the disk is full"));
    expect(screen.getByRole("status").textContent).toBe("");
    expect((screen.getByRole("combobox") as HTMLSelectElement).disabled).toBe(false);
  });

  it("is told once it is in force", async () => {
    request.mockResolvedValueOnce({});
    choose();
    await waitFor(() => expect(screen.getByRole("status").textContent).toBe("The agent may read here"));
    expect(request).toHaveBeenLastCalledWith("tvx.update_thread", { threadId: "t1", updates: { policy: "allow-reads" } });
  });
});
