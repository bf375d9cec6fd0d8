import { useEffect, useState } from "react";

/** The time of now, anew every so many milliseconds while it is wanted. */
export function useNow(isWanted: boolean, every: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isWanted) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [isWanted, every]);
  return now;
}
