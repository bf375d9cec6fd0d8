import { useEffect, useState } from "react";
import { useTinyvex } from "@tinyvex/react";
import { withSample, type Sample } from "./figures.js";

/** Milliseconds between two looks at the server. */
const every = 2_000;

interface Samples {
  samples: readonly Sample[];
  error: Error | null;
}

/** What the server says of itself, asked while the page is visible. */
export function useServerSamples(): Samples {
  const client = useTinyvex();
  const [state, setState] = useState<Samples>({ samples: [], error: null });
  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isAsking = false;
    const ask = async () => {
      clearTimeout(timer);
      if (isAsking || document.visibilityState !== "visible") return;
      isAsking = true;
      try {
        const { rows } = await client.query("server.info", {}, { signal: ending.signal });
        const row = rows[0];
        if (row) setState(({ samples }) => ({ samples: withSample(samples, { at: Date.now(), row }), error: null }));
      } catch (error) {
        if (ending.signal.aborted) return;
        setState(({ samples }) => ({ samples, error: error as Error }));
      } finally {
        isAsking = false;
      }

      timer = setTimeout(ask, every);
    };
    void ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      ending.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [client]);
  return state;
}
