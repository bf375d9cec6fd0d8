import { useEffect, useMemo, useState } from "react";
import type { Drawer } from "./drawer.js";

/** As in app.css: where there is no room for the sidebar beside the page. */
const narrow = "(max-width: 54rem)";

export function useDrawerState(): Drawer {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const media = matchMedia(narrow);
    const changed = () => setOpen(false);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  return useMemo(() => ({ isOpen, setOpen: (wanted) => setOpen(wanted && matchMedia(narrow).matches) }), [isOpen]);
}
