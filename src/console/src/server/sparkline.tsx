import { mostSamples } from "./figures.js";

const width = 240;
const height = 44;

/** A line of the last values, the newest at the right. Zero is at the bottom unless the values are far from it and hardly change. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const points = pointsOf(values);
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {points.length > 1 && (
        <>
          <polygon className="sparkline-area" points={`${points[0]!.x},${height} ${textOf(points)} ${width},${height}`} />
          <polyline className="sparkline-line" points={textOf(points)} vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}

interface Point {
  x: number;
  y: number;
}

export function pointsOf(values: readonly number[]): Point[] {
  const most = Math.max(...values, 0);
  const least = Math.min(...values);
  const floor = least > 0 && most - least < least / 2 ? least - (most - least || least * 0.1) : 0;
  const range = most - floor || 1;
  const step = width / (mostSamples - 1);
  return values.map((value, at) => ({
    x: round(width - (values.length - 1 - at) * step),
    y: round(height - 2 - ((value - floor) / range) * (height - 6)),
  }));
}

function textOf(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${x},${y}`).join(" ");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
