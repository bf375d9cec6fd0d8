import { useId, useRef, type FocusEvent, type KeyboardEvent } from "react";
import { Icon } from "../app/icon.js";
import { placeBeside } from "../app/place-beside.js";
import { nameOfValue, type Setting } from "./settings.js";
import { SettingControl } from "./setting-control.js";

interface MoreSettingsProps {
  threadId: string;
  settings: readonly Setting[];
  isFixed: boolean;
}

/** Settings for which there is no room: a button that says their values, and a panel with all of them. */
export function MoreSettings({ threadId, settings, isFixed }: MoreSettingsProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  function opened(isOpen: boolean) {
    button.current!.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    placeBeside(button.current!, panel.current!);
    panel.current!.querySelector<HTMLElement>("select, button")?.focus();
  }

  function pressed(event: KeyboardEvent) {
    if (event.key !== "Escape") return;
    // Closed here and not by the browser, so that the key does not cancel the turn under way too.
    event.preventDefault();
    event.stopPropagation();
    panel.current!.hidePopover();
  }

  function left({ relatedTarget }: FocusEvent) {
    // A click on the button closes it by itself.
    if (relatedTarget !== null && relatedTarget !== button.current && !panel.current!.contains(relatedTarget)) panel.current!.hidePopover();
  }

  return (
    <>
      <button ref={button} type="button" className="setting more-settings" aria-haspopup="dialog" aria-expanded="false" popoverTarget={id}>
        <Icon name="more" />
        <span className="visually-hidden">More settings: </span>
        <span className="more-settings-values">
          {settings.map((setting, at) => (
            <span key={setting.id} dir="auto">{at > 0 && " · "}<span className="setting-name">{setting.name}</span> {nameOfValue(setting, setting.value)}</span>
          ))}
        </span>
      </button>
      <div
        ref={panel} id={id} popover="auto" role="dialog" aria-label="More settings" className="menu settings-panel"
        onKeyDown={pressed} onBlur={left} onToggle={(event) => opened(event.newState === "open")}
      >
        {settings.map((setting) => <SettingControl key={setting.id} threadId={threadId} setting={setting} isFixed={isFixed} />)}
      </div>
    </>
  );
}
