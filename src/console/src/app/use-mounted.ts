import { useEffect, useRef, type RefObject } from "react";

/** Whether the component is still shown, for what comes back to it after a wait. */
export function useMounted(): RefObject<boolean> {
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  return isMounted;
}
