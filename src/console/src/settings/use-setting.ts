import { TinyvexError, type TinyvexClient } from "@tinyvex/client";
import { useTinyvex } from "@tinyvex/react";
import { useEffect, useRef, useState } from "react";
import { announce, announceFailure } from "../app/news.js";
import { nameOfValue, type Setting } from "./settings.js";

/** How long after its yes the agent may take to report the new value, in milliseconds. Then the one that it has reported is shown. */
export const reportLimit = 2_000;

type Value = string | boolean;

interface SettingState {
  /** The value on its way to the agent, else the one that the agent has reported. */
  shown: Value | null;
  isBusy: boolean;
  choose(value: Value): void;
}

/**
 * A setting, and the way to change it. What is chosen while another value is on its way is sent once that is answered: the arrows of a list choose
 * each value that they come by.
 */
export function useSetting(threadId: string, setting: Setting): SettingState {
  const client = useTinyvex();
  const [wanted, setWanted] = useState<Value | null>(null);
  const [isTaken, setTaken] = useState(false);
  const latest = useRef<Value | null>(null);
  const isSending = useRef(false);
  const reported = setting.value;

  useEffect(() => {
    if (!isTaken) return;
    const timer = setTimeout(() => {
      setTaken(false);
      setWanted(null);
    }, reported === wanted ? 0 : reportLimit);
    return () => clearTimeout(timer);
  }, [isTaken, reported, wanted]);

  async function choose(chosen: Value) {
    setTaken(false);
    setWanted(chosen);
    latest.current = chosen;
    if (isSending.current) return;
    isSending.current = true;
    let value: Value;
    let problem: Error | null;
    do {
      value = latest.current;
      problem = await send(client, threadId, setting, value).then(() => null, (error: Error) => error);
    } while (latest.current !== value);
    isSending.current = false;
    if (problem) {
      setWanted(null);
      const what = problem instanceof TinyvexError && problem.code === "disconnected" ? "may not have been" : "was not";
      announceFailure(`${setting.name} ${what} changed to “${nameOfValue(setting, value)}”: ${problem.message}`);
    } else {
      setTaken(true);
      announce(`${setting.name}: ${nameOfValue(setting, value)}`);
    }
  }

  return { shown: wanted ?? reported, isBusy: wanted !== null, choose: (value) => void choose(value) };
}

function send(client: TinyvexClient, threadId: string, { id, isMode }: Setting, value: Value): Promise<unknown> {
  return isMode
    ? client.request("session.set_mode", { threadId, modeId: String(value) })
    : client.request("session.set_config_option", { threadId, configId: id, value });
}
