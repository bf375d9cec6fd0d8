import type { Usage } from "@tinyvex/client";

const number = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

/** How much of the agent's context is used, and what it has cost, where the agent says so. */
export function UsageFigure({ usage }: { usage: Usage }) {
  const { used, size, cost } = usage;
  if (typeof used !== "number" && !cost) return null;
  const share = typeof used === "number" && typeof size === "number" && size > 0 ? Math.min(1, used / size) : null;
  return (
    <span className="usage">
      {typeof used === "number" && (
        <span title={`${used.toLocaleString()} tokens${size ? ` of ${size.toLocaleString()}` : ""}`}>
          <span className="visually-hidden">Context used: </span>
          {number.format(used)}{size > 0 ? ` / ${number.format(size)}` : ""} tokens
        </span>
      )}
      {share !== null && (
        <svg viewBox="0 0 40 6" width="40" height="6" aria-hidden="true">
          <rect width="40" height="6" rx="3" className="usage-all" />
          <rect width={Math.max(3, 40 * share)} height="6" rx="3" className={share > 0.85 ? "usage-much" : "usage-part"} />
        </svg>
      )}
      {cost && <span>{new Intl.NumberFormat(undefined, { style: "currency", currency: currencyOf(cost.currency) }).format(cost.amount)}</span>}
    </span>
  );
}

/** Intl throws on a currency that is no code of three letters. */
function currencyOf(currency: string): string {
  return /^[A-Za-z]{3}$/.test(currency) ? currency : "USD";
}
