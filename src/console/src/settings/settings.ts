import type { ConfigOption, ConfigValue, ConfigValueGroup, StateRow } from "@tinyvex/client";
import { objectsOf } from "../text/objects-of.js";
import { visibleText } from "../text/visible-text.js";

export interface SettingValue {
  readonly value: string;
  readonly name: string;
  readonly description: string | null;
}

export interface ValueGroup {
  /** Null for a value that stands by itself. */
  readonly name: string | null;
  readonly values: readonly SettingValue[];
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Whether it is what ACP had before its options, and is changed by a request of its own. */
  readonly isMode: boolean;
}

export interface Choice extends Named {
  readonly kind: "choice";
  /** Null where the agent did not say. */
  readonly value: string | null;
  readonly groups: readonly ValueGroup[];
}

export interface Toggle extends Named {
  readonly kind: "toggle";
  readonly value: boolean;
}

/** The mode or an option of an agent's session, as text that can be shown. */
export type Setting = Choice | Toggle;

/** What can be chosen in the session, in the agent's order. Types that are not known, and what is of another shape, are left out. */
export function settingsOf(state: StateRow): Setting[] {
  const options = objectsOf(state.configOptions);
  const shown = new Map<string, Setting>();
  for (const option of options) {
    const setting = typeof option.id === "string" && !shown.has(option.id) ? settingOf(option) : null;
    if (setting) shown.set(option.id, setting);
  }

  // Agents tell the mode in both ways while there are clients that know the old one alone. Their option is the newer.
  const hasMode = options.some(({ id, category }) => category === "mode" && shown.has(id));
  const mode = hasMode ? null : modeOf(state);
  return [...(mode ? [mode] : []), ...shown.values()];
}

/** What a value is called. */
export function nameOfValue(setting: Setting, value: string | boolean | null): string {
  if (typeof value !== "string") return value === null ? "unknown" : value ? "on" : "off";
  return valueOf(setting, value)?.name ?? visibleText(value);
}

/** What the agent says of a setting, and of the value that it has. */
export function aboutSetting(setting: Setting, value: string | boolean | null): string | undefined {
  const of = typeof value === "string" ? valueOf(setting, value)?.description : null;
  return [setting.description, of].filter((one) => one).join("\n") || undefined;
}

function valueOf(setting: Setting, value: string): SettingValue | undefined {
  return setting.kind === "choice" ? setting.groups.flatMap(({ values }) => values).find((one) => one.value === value) : undefined;
}

function settingOf(option: ConfigOption): Setting | null {
  const named = { id: option.id, name: textOf(option.name) ?? visibleText(option.id), description: textOf(option.description), isMode: false };
  switch (option.type) {
    case "boolean":
      return { ...named, kind: "toggle", value: option.currentValue === true };
    case "select":
      return choiceOf(named, option.currentValue, objectsOf<ConfigValue | ConfigValueGroup>(option.options).map(groupOf));
    default:
      return null;
  }
}

function modeOf({ availableModes, currentModeId }: StateRow): Choice | null {
  const modes = objectsOf(availableModes).map(({ id, name, description }) => groupOf({ value: id, name, description: description ?? null }));
  return choiceOf({ id: "mode", name: "Mode", description: null, isMode: true }, currentModeId, modes);
}

function choiceOf(named: Named, value: unknown, groups: readonly ValueGroup[]): Choice | null {
  const filled = groups.filter(({ values }) => values.length > 0);
  return filled.length === 0 ? null : { ...named, kind: "choice", value: typeof value === "string" ? value : null, groups: filled };
}

function groupOf(one: ConfigValue | ConfigValueGroup): ValueGroup {
  const isGroup = "options" in one;
  const values = (isGroup ? objectsOf(one.options) : [one]).flatMap(({ value, name, description }) =>
    typeof value === "string" ? [{ value, name: textOf(name) ?? visibleText(value), description: textOf(description) }] : [],
  );
  return { name: isGroup ? (textOf(one.name) ?? textOf(one.group)) : null, values };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? visibleText(value) : null;
}
