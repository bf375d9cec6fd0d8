/** A time span for people, in two units at most: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [large, unit, small, rest] = whole < 3_600 ? [Math.floor(whole / 60), "min", whole % 60, "s"] as const
    : whole < 86_400 ? [Math.floor(whole / 3_600), "h", Math.floor((whole % 3_600) / 60), "min"] as const
    : [Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3_600), "h"] as const;
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${rest}`;
}
