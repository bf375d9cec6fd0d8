import { aboutSetting, type Toggle } from "./settings.js";
import { useSetting } from "./use-setting.js";

interface SettingToggleProps {
  threadId: string;
  setting: Toggle;
  isFixed: boolean;
}

/** Yes or no. A button and no check box, on which Enter would send the prompt that it stands below. */
export function SettingToggle({ threadId, setting, isFixed }: SettingToggleProps) {
  const { shown, isBusy, choose } = useSetting(threadId, setting);
  const isOn = shown === true;
  return (
    <button
      type="button" role="switch" aria-checked={isOn} aria-busy={isBusy} disabled={isFixed} className={`setting toggle ${isBusy ? "busy" : ""}`}
      title={aboutSetting(setting, shown)} onClick={() => choose(!isOn)}
    >
      <span className="setting-name" dir="auto">{setting.name}</span>
      {isBusy && <span className="spinner" />}
      <span className="toggle-track" />
    </button>
  );
}
