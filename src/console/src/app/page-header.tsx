import type { ReactNode } from "react";
import { ConnectionStatus } from "./connection-status.js";
import { useDrawer } from "./drawer.js";
import { Icon } from "./icon.js";

export function PageHeader({ children }: { children: ReactNode }) {
  const { isOpen, setOpen } = useDrawer();
  return (
    <header className="page-header">
      <button type="button" className="icon-button drawer-button" aria-label="Threads and pages" aria-expanded={isOpen} aria-controls="sidebar" onClick={() => setOpen(true)}>
        <Icon name="menu" />
      </button>
      {children}
      <span className="header-connection"><ConnectionStatus isSmall /></span>
    </header>
  );
}
