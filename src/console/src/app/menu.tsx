import { useId, useRef, type KeyboardEvent } from "react";
import { Icon, type IconName } from "./icon.js";
import { placeBeside } from "./place-beside.js";

export interface MenuItem {
  label: string;
  icon: IconName;
  isDangerous?: boolean;
  onChoose(): void;
}

/** Has the browser focus it as the menu opens, before another key is pressed. React's own `autoFocus` is for what is new in the page. */
function focusedFirst(item: HTMLElement | null): void {
  item?.setAttribute("autofocus", "");
}

/** A button that opens a menu, in the browser's top layer so that no list cuts it off. */
export function MenuButton({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  function opened(isOpen: boolean) {
    button.current!.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) placeBeside(button.current!, menu.current!);
  }

  function pressed(event: KeyboardEvent) {
    if (event.key === "Escape") {
      // Closed here and not by the browser, so that the key means this alone: not the search around it, and not the turn under way.
      event.preventDefault();
      event.stopPropagation();
      menu.current!.hidePopover();
      return;
    }

    const all = [...menu.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) {
      if (event.key === "Tab") menu.current!.hidePopover();
      return;
    }

    event.preventDefault();
    all.at(to % all.length)?.focus();
  }

  return (
    <>
      <button ref={button} type="button" className="icon-button" aria-label={label} aria-haspopup="menu" aria-expanded="false" popoverTarget={id}>
        <Icon name="more" />
      </button>
      <div
        ref={menu} id={id} popover="auto" role="menu" aria-label={label} className="menu"
        onKeyDown={pressed} onToggle={(event) => opened(event.newState === "open")}
      >
        {items.map(({ label, icon, isDangerous, onChoose }, at) => (
          <button
            key={label} ref={at === 0 ? focusedFirst : null} type="button" role="menuitem" tabIndex={-1} className={isDangerous ? "danger" : undefined}
            onClick={() => {
              menu.current!.hidePopover();
              onChoose();
            }}
          >
            <Icon name={icon} />
            {label}
          </button>
        ))}
      </div>
    </>
  );
}
