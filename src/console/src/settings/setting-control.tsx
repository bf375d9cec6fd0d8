import type { Setting } from "./settings.js";
import { SettingChoice } from "./setting-choice.js";
import { SettingToggle } from "./setting-toggle.js";

interface SettingControlProps {
  threadId: string;
  setting: Setting;
  /** Whether it is shown alone, and nobody can change it here. */
  isFixed: boolean;
}

export function SettingControl({ threadId, setting, isFixed }: SettingControlProps) {
  return setting.kind === "choice"
    ? <SettingChoice threadId={threadId} setting={setting} isFixed={isFixed} />
    : <SettingToggle threadId={threadId} setting={setting} isFixed={isFixed} />;
}
