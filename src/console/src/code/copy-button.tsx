import { useEffect, useState } from "react";
import { announce } from "../app/news.js";
import { Icon } from "../app/icon.js";

/** How long the button says what became of it, in milliseconds. */
const shown = 2_000;

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), shown);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    try {
      await write(text);
      setOutcome("copied");
      announce("Copied");
    } catch {
      setOutcome("failed");
      announce("The browser did not allow copying");
    }
  }

  return (
    <button type="button" className="icon-button copy" aria-label={label} title={outcome === "failed" ? "The browser did not allow it" : label} onClick={copy}>
      <Icon name={outcome === "copied" ? "check" : outcome === "failed" ? "alert" : "copy"} />
    </button>
  );
}

/** `navigator.clipboard` is missing on pages that came over plain http from another machine. */
async function write(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (!isCopied) throw new Error("not copied");
}
