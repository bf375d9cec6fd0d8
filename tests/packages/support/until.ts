import type { Feed } from "@tinyvex/client";

/** Waits until what a feed shows is as wanted, and gives it. */
export function until<View>(feed: Feed<View>, holds: (view: View) => boolean, seconds = 20): Promise<View> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      stop();
      reject(new Error(`not within ${seconds} s; it shows ${JSON.stringify(feed.getSnapshot()).slice(0, 1_000)}`));
    }, seconds * 1_000);
    const look = () => {
      const view = feed.getSnapshot();
      if (!holds(view)) return;
      clearTimeout(limit);
      queueMicrotask(() => stop());
      resolve(view);
    };
    const stop = feed.subscribe(look);
    look();
  });
}
