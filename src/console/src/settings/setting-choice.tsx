import { aboutSetting, nameOfValue, type Choice, type SettingValue } from "./settings.js";
import { useSetting } from "./use-setting.js";

interface SettingChoiceProps {
  threadId: string;
  setting: Choice;
  isFixed: boolean;
}

/** One of several values. It stays in use while one is on its way, as a list that is switched off would lose the focus. */
export function SettingChoice({ threadId, setting, isFixed }: SettingChoiceProps) {
  const { shown, isBusy, choose } = useSetting(threadId, setting);
  const { name, groups } = setting;
  const isKnown = groups.some(({ values }) => values.some(({ value }) => value === shown));
  return (
    <label className={`setting ${isBusy ? "busy" : ""}`}>
      <span className="setting-name" dir="auto">{name}</span>
      {isBusy && <span className="spinner" />}
      <select
        value={String(shown ?? "")} disabled={isFixed} aria-busy={isBusy} title={aboutSetting(setting, shown)}
        onChange={(event) => choose(event.target.value)}
      >
        {!isKnown && <option value={String(shown ?? "")} disabled>{nameOfValue(setting, shown)}</option>}
        {groups.map(({ name, values }, at) => (name === null ? values.map(optionOf) : <optgroup key={at} label={name}>{values.map(optionOf)}</optgroup>))}
      </select>
    </label>
  );
}

function optionOf({ value, name, description }: SettingValue, at: number) {
  return <option key={`${at} ${value}`} value={value} title={description ?? undefined}>{name}</option>;
}
