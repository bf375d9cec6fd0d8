import { createContext, useContext } from "react";

export interface Drawer {
  readonly isOpen: boolean;
  setOpen(isOpen: boolean): void;
}

export const DrawerContext = createContext<Drawer>({ isOpen: false, setOpen: () => undefined });

/** The sidebar where there is no room beside the page. */
export function useDrawer(): Drawer {
  return useContext(DrawerContext);
}
