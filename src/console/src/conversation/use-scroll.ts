import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** Pixels from the end within which it counts as the end. */
const near = 32;

interface Scroll {
  isAtEnd: boolean;
  toEnd(): void;
}

/**
 * Keeps a conversation at its end while it grows, unless the reader has scrolled up, and keeps what is read in its place when older items
 * come before it. `firstKey` changes when they do.
 */
export function useScroll(scroller: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>, firstKey: string | undefined): Scroll {
  const [isAtEnd, setAtEnd] = useState(true);
  const isStuck = useRef(true);
  const anchor = useRef<{ element: Element; top: number } | null>(null);

  const toEnd = useCallback(() => {
    isStuck.current = true;
    setAtEnd(true);
    scroller.current!.scrollTop = scroller.current!.scrollHeight;
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
      anchor.current = anchorIn(element, content.current!);
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

  useLayoutEffect(() => {
    const element = scroller.current!;
    if (isStuck.current) element.scrollTop = element.scrollHeight;
    else if (anchor.current?.element.isConnected) {
      const moved = anchor.current.element.getBoundingClientRect().top - anchor.current.top;
      // Some browsers have anchored by themselves by now, and then nothing is left to do.
      if (Math.abs(moved) > 1) element.scrollTop += moved;
    }
  }, [firstKey, scroller]);

  return { isAtEnd, toEnd };
}

/** The first item in view, and where it is. */
function anchorIn(scroller: HTMLElement, content: HTMLElement): { element: Element; top: number } | null {
  const edge = scroller.getBoundingClientRect().top;
  const items = content.children;
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.getBoundingClientRect().bottom > edge) high = middle;
    else low = middle + 1;
  }

  const element = items[low];
  return element ? { element, top: element.getBoundingClientRect().top } : null;
}
