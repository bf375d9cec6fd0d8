import type { StateRow } from "@tinyvex/client";
import { describe, expect, it } from "vitest";
import { aboutSetting, nameOfValue, settingsOf } from "../../../src/console/src/settings/settings.ts";
import { whyFixed } from "../../../src/console/src/settings/why-fixed.ts";

const modes = [{ id: "ask", name: "Ask" }, { id: "plan", name: "Plan", description: "Touches nothing" }];
const mode = { type: "select", id: "m", name: "Mode", category: "mode", currentValue: "plan", options: [{ value: "plan", name: "Plan" }] };
const web = { type: "boolean", id: "web", name: "Web", currentValue: true };

function state(more: object): StateRow {
  return { threadId: "t1", currentModeId: null, availableModes: null, availableCommands: null, configOptions: null, usage: null, updatedAt: 1, ...more };
}

const shown = (more: object) => settingsOf(state(more)).map(({ id, isMode, value }) => ({ id, isMode, value }));

describe("the settings of a session", () => {
  it("are its mode and its options, in the agent's order", () => {
    expect(shown({ currentModeId: "ask", availableModes: modes, configOptions: [web] })).toEqual([{ id: "mode", isMode: true, value: "ask" }, { id: "web", isMode: false, value: true }]);
    expect(shown({})).toEqual([]);
  });

  it("have the mode once where the agent tells it in both ways, as the option", () => {
    expect(shown({ currentModeId: "ask", availableModes: modes, configOptions: [web, mode] }).map(({ id }) => id)).toEqual(["web", "m"]);
    // One that cannot be shown does not hide the mode.
    expect(shown({ currentModeId: "ask", availableModes: modes, configOptions: [{ ...mode, options: [] }] }).map(({ id }) => id)).toEqual(["mode"]);
  });

  it("have values in groups or without", () => {
    const options = [{ group: "a", name: "A", options: [{ value: "1", name: "One" }] }, { value: "2", name: "Two" }];
    expect(settingsOf(state({ configOptions: [{ ...mode, options }] }))).toMatchObject([{ groups: [{ name: "A", values: [{ value: "1" }] }, { name: null, values: [{ value: "2" }] }] }]);
  });

  it("leave out types that nobody knows, and what is of another shape", () => {
    const strange = [null, 5, {}, { ...web, id: 3 }, { ...web, id: "s", type: "slider" }, { ...mode, id: "x", options: "none" }, { ...mode, id: "y", options: [null, { value: 1 }] }];
    expect(shown({ configOptions: [...strange, web, web], availableModes: [null, {}], currentModeId: "ask" })).toEqual([{ id: "web", isMode: false, value: true }]);
    expect(settingsOf(state({ configOptions: [{ ...mode, name: 7, currentValue: 9, options: [{ value: "a" }] }] }))).toMatchObject([{ name: "m", value: null, groups: [{ values: [{ name: "a" }] }] }]);
  });

  it("say what their values are called, and what is said of them", () => {
    const [choice, toggle] = settingsOf(state({ currentModeId: "plan", availableModes: modes, configOptions: [{ ...web, description: "Looks things up" }] }));
    expect(["plan", "gone", null].map((value) => nameOfValue(choice!, value))).toEqual(["Plan", "gone", "unknown"]);
    expect([true, false].map((value) => nameOfValue(toggle!, value))).toEqual(["on", "off"]);
    expect([aboutSetting(choice!, "plan"), aboutSetting(choice!, "ask"), aboutSetting(toggle!, true)]).toEqual(["Touches nothing", undefined, "Looks things up"]);
  });
});

describe("settings that cannot be changed here", () => {
  const agent = (name: string, source: string, available = true) =>
    ({ name, title: name, command: "", available, reason: null, version: null, default: false, source, install: null, login: null, wantsLogin: null, capabilities: null, authMethods: null });

  it.each([
    ["codex", null], ["gone", "The agent is not available"], ["broken", "The agent is not available"], [null, "The agent is not available"], ["app", "An app runs app"],
  ])("are those of an agent %s: %s", (name, why) => {
    const found = whyFixed(name, [agent("codex", "known"), agent("broken", "configured", false), agent("app", "attached")]);
    if (why === null) expect(found).toBeNull();
    else expect(found).toContain(why);
  });

  it("are none while the agents are not known", () => expect(whyFixed("codex", [])).toBeNull());
});
