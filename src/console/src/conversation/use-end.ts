import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

/** Pixels from the end within which it counts as the end. */
const near = 32;

interface End {
  isAtEnd: boolean;
  toEnd(): void;
}

/** Keeps a conversation at its end while it grows, unless the reader has scrolled up. */
export function useEnd(scroller: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>): End {
  const [isAtEnd, setAtEnd] = useState(true);
  const isStuck = useRef(true);

  const toEnd = useCallback(() => {
    isStuck.current = true;
    setAtEnd(true);
    // A prompt may be sent after its page was left, once its files are read.
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [scroller]);

  useEffect(() => {
    const element = scroller.current!;
    let last = element.scrollTop;
    const keepEnd = () => {
      if (isStuck.current) element.scrollTop = element.scrollHeight;
    };
    const scrolled = () => {
      const top = element.scrollTop;
      // Growth alone moves the end away, but not the reader; only who goes up has left it.
      if (element.scrollHeight - top - element.clientHeight <= near) isStuck.current = true;
      else if (top < last - 1) isStuck.current = false;
      last = top;
      setAtEnd(isStuck.current);
    };
    const sizes = new ResizeObserver(keepEnd);
    sizes.observe(element);
    sizes.observe(content.current!);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, [scroller, content]);

  return { isAtEnd, toEnd };
}
