// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { TinyvexError } from "@tinyvex/client";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Toasts } from "../../../src/console/src/app/toasts.tsx";
import { SettingControl } from "../../../src/console/src/settings/setting-control.tsx";
import type { Choice, Toggle } from "../../../src/console/src/settings/settings.ts";
import { reportLimit } from "../../../src/console/src/settings/use-setting.ts";

const request = vi.hoisted(() => vi.fn());
vi.mock("@tinyvex/react", () => ({ useTinyvex: () => ({ request }) }));

const about = { description: null, isMode: false };
const values = ["a", "b", "c"].map((value) => ({ value, name: value.toUpperCase(), description: null }));
const model: Choice = { ...about, kind: "choice", id: "model", name: "Model", value: "a", groups: [{ name: null, values }] };
const web: Toggle = { ...about, kind: "toggle", id: "web", name: "Web", value: false };

let answers: { resolve(): void; reject(error: Error): void }[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  request.mockReset().mockImplementation(() => new Promise<void>((resolve, reject) => answers.push({ resolve, reject })));
});

afterEach(async () => {
  await act(() => vi.runAllTimersAsync());
  cleanup();
  vi.useRealTimers();
});

const page = (setting: Choice | Toggle) => <><SettingControl threadId="t1" setting={setting} isFixed={false} /><Toasts /></>;
const select = () => screen.getByRole<HTMLSelectElement>("combobox", { name: "Model" });
const choose = (value: string) => fireEvent.change(select(), { target: { value } });
const settle = (milliseconds = 0) => act(() => vi.advanceTimersByTimeAsync(milliseconds));
const shown = () => [select().value, select().getAttribute("aria-busy")];

describe("a setting", () => {
  it("shows what is on its way until the agent reports it", async () => {
    const { rerender } = render(page(model));
    choose("b");
    expect(request).toHaveBeenCalledExactlyOnceWith("session.set_config_option", { threadId: "t1", configId: "model", value: "b" });
    expect(shown()).toEqual(["b", "true"]);
    answers[0]!.resolve();
    await settle();
    expect(shown()).toEqual(["b", "true"]);
    rerender(page({ ...model, value: "b" }));
    await settle();
    expect(shown()).toEqual(["b", "false"]);
  });

  it("shows what the agent has where it agreed and reports another", async () => {
    render(page(model));
    choose("b");
    answers[0]!.resolve();
    await settle();
    await settle(reportLimit);
    expect(shown()).toEqual(["a", "false"]);
  });

  it.each([
    [new TinyvexError("agent_error", "no such model"), "Model was not changed to “B”: no such model"],
    [new TinyvexError("disconnected", "the connection was lost before the answer"), "Model may not have been changed to “B”: the connection was lost before the answer"],
  ])("shows the old value where it was refused, and why", async (error, why) => {
    render(page(model));
    choose("b");
    answers[0]!.reject(error);
    await settle();
    expect(shown()).toEqual(["a", "false"]);
    expect(screen.getByRole("alert").textContent).toBe(why);
  });

  it("is sent as it was chosen last, once the one before is answered, of which nothing is said then", async () => {
    render(page(model));
    choose("b");
    choose("a");
    choose("c");
    expect(request).toHaveBeenCalledTimes(1);
    answers[0]!.reject(new Error("no such model"));
    await settle();
    expect(request.mock.calls.map(([, { value }]) => value)).toEqual(["b", "c"]);
    expect(shown()).toEqual(["c", "true"]);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("is the mode, with a request of its own", () => {
    render(page({ ...model, id: "mode", isMode: true }));
    choose("b");
    expect(request).toHaveBeenCalledExactlyOnceWith("session.set_mode", { threadId: "t1", modeId: "b" });
  });

  it("is yes or no by a switch", () => {
    render(page(web));
    fireEvent.click(screen.getByRole("switch", { name: "Web" }));
    expect(request).toHaveBeenCalledExactlyOnceWith("session.set_config_option", { threadId: "t1", configId: "web", value: true });
    expect(screen.getByRole("switch").getAttribute("aria-checked")).toBe("true");
  });
});
