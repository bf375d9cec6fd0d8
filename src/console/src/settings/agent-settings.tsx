import type { StateRow } from "@tinyvex/client";
import { useId, useMemo } from "react";
import { useNarrow } from "../app/use-narrow.js";
import { MoreSettings } from "./more-settings.js";
import { SettingControl } from "./setting-control.js";
import { settingsOf } from "./settings.js";
import "./settings.css";

/** So many stand in the prompt's bar; of more, one less and a button for the others. */
const most = { wide: 3, narrow: 1 };

interface AgentSettingsProps {
  threadId: string;
  state: StateRow;
  /** Why nobody can change them here; null where they can be changed. */
  whyFixed: string | null;
}

/** The mode and the options of the thread's session, as its agent has reported them. */
export function AgentSettings({ threadId, state, whyFixed }: AgentSettingsProps) {
  const why = useId();
  const isNarrow = useNarrow();
  const { availableModes, currentModeId, configOptions } = state;
  // Usage comes with each answer, and changes none of them.
  const settings = useMemo(() => settingsOf(state), [availableModes, currentModeId, configOptions]);
  if (settings.length === 0) return null;
  const room = isNarrow ? most.narrow : most.wide;
  const shown = settings.length <= room ? settings.length : Math.max(1, room - 1);
  const isFixed = whyFixed !== null;
  return (
    <div className="settings" role="group" aria-label="Settings of the agent" aria-describedby={isFixed ? why : undefined}>
      {settings.slice(0, shown).map((setting) => <SettingControl key={setting.id} threadId={threadId} setting={setting} isFixed={isFixed} />)}
      {settings.length > shown && <MoreSettings threadId={threadId} settings={settings.slice(shown)} isFixed={isFixed} />}
      {isFixed && <p id={why} className="settings-fixed">{whyFixed}</p>}
    </div>
  );
}
