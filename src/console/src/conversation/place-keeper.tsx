import { Component, type ReactNode, type RefObject } from "react";

interface PlaceKeeperProps {
  scroller: RefObject<HTMLElement | null>;
  content: RefObject<HTMLElement | null>;
  /** Changes when older items come before it. */
  firstKey: string | undefined;
  children: ReactNode;
}

interface Place {
  element: Element;
  top: number;
}

/**
 * Keeps what is read where it is while older items come before it. A class, because only a class is told right before the page changes;
 * what was noted at the last scroll event may be a step behind.
 */
export class PlaceKeeper extends Component<PlaceKeeperProps> {
  override getSnapshotBeforeUpdate(before: PlaceKeeperProps): Place | null {
    const { scroller, content, firstKey } = this.props;
    return before.firstKey !== firstKey && scroller.current && content.current ? firstInView(scroller.current, content.current) : null;
  }

  override componentDidUpdate(_before: PlaceKeeperProps, _state: unknown, place: Place | null): void {
    if (!place?.element.isConnected) return;
    const moved = place.element.getBoundingClientRect().top - place.top;
    // Some browsers have kept the place by themselves by now, and then nothing is left to do.
    if (Math.abs(moved) > 1) this.props.scroller.current!.scrollTop += moved;
  }

  override render() {
    return this.props.children;
  }
}

function firstInView(scroller: HTMLElement, content: HTMLElement): Place | null {
  const edge = scroller.getBoundingClientRect().top;
  const items = content.querySelectorAll(".item");
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
