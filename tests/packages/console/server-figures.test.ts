import type { ServerRow } from "@tinyvex/client";
import { describe, expect, it } from "vitest";
import { figures, mostSamples, seriesOf, withSample, type Sample } from "../../../src/console/src/server/figures.ts";
import { pointsOf } from "../../../src/console/src/server/sparkline.tsx";

const sample = (at: number, fields: Partial<ServerRow>): Sample => ({ at, row: { startedAt: 1, ...fields } as ServerRow });
const figure = (name: string) => figures.find((one) => one.name === name)!;

describe("figures of the server", () => {
  it("are bounded", () => {
    let samples: readonly Sample[] = [];
    for (let i = 0; i < mostSamples + 10; i++) samples = withSample(samples, sample(i, {}));
    expect(samples).toHaveLength(mostSamples);
    expect(samples[0]!.at).toBe(10);
  });

  it("begin anew with a server that was restarted", () => {
    const samples = withSample([sample(1, { lastEvent: 900 })], sample(2, { lastEvent: 3, startedAt: 2 }));
    expect(samples).toHaveLength(1);
  });

  it("give what grows as a rate of the time between", () =>
    expect(seriesOf(figure("Updates"), [sample(0, { lastEvent: 100 }), sample(2_000, { lastEvent: 300 }), sample(6_000, { lastEvent: 300 })])).toEqual([100, 0]));

  it("give all else as it is", () => expect(seriesOf(figure("Runs"), [sample(0, { runsRunning: 2 }), sample(1, { runsRunning: 0 })])).toEqual([2, 0]));
});

describe("a sparkline", () => {
  it("ends at the right, and is drawn within its room", () => {
    const points = pointsOf([0, 5, 10]);
    expect(points.at(-1)!.x).toBe(240);
    for (const { y } of points) expect(y).toBeGreaterThanOrEqual(0);
    expect(points[0]!.y).toBeGreaterThan(points[2]!.y);
  });

  it.each([[[]], [[0]], [[0, 0, 0]], [[7, 7]], [[1e9, 1e9 + 5]]])("has numbers for %j", (values) => {
    for (const { x, y } of pointsOf(values)) expect(Number.isFinite(x) && Number.isFinite(y) && y >= 0 && y <= 44).toBe(true);
  });
});
