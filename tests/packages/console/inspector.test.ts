import type { FrameEvent } from "@tinyvex/client";
import { describe, expect, it, vi } from "vitest";
import { filtered, lagOf, mostFrames, mostUnits, Recording } from "../../../src/console/src/inspector/recording.ts";

function make() {
  let heard: ((event: FrameEvent) => void) | null = null;
  const recording = new Recording();
  const client = {
    onFrame: (listener: (event: FrameEvent) => void) => {
      heard = listener;
      return () => {
        heard = null;
        return true;
      };
    },
  };
  recording.start(client);
  const frame = (fields: object, size = 100, direction: "in" | "out" = "in") => heard?.({ direction, size, frame: fields as FrameEvent["frame"] });
  return { recording, client, frame };
}

/** Pausing tells of all that was taken. */
function taken(recording: Recording) {
  recording.pause();
  return recording.getFrames();
}

describe("a recording", () => {
  it("has the last thousand frames", () => {
    const { recording, frame } = make();
    for (let i = 0; i < mostFrames + 5; i++) frame({ type: "tinyvex.ack", id: i });
    const frames = taken(recording);
    expect(frames).toHaveLength(mostFrames);
    expect(frames[0]!.number).toBe(6);
  });

  it("holds less where frames are large, but always the last one", () => {
    const { recording, frame } = make();
    for (let i = 0; i < 4; i++) frame({ type: "tinyvex.snapshot" }, mostUnits * 0.4);
    frame({ type: "tinyvex.snapshot" }, mostUnits * 2);
    expect(taken(recording).map((one) => one.number)).toEqual([5]);
  });

  it("begins by itself once, and not again where somebody paused it", () => {
    const { recording, client } = make();
    recording.pause();
    recording.begin(client);
    expect(recording.isOn).toBe(false);
    const other = new Recording();
    other.begin(client);
    expect(other.isOn).toBe(true);
  });

  it("pauses, and goes on", () => {
    const { recording, client, frame } = make();
    frame({ type: "a" });
    recording.pause();
    frame({ type: "b" });
    recording.start(client);
    frame({ type: "c" });
    expect(taken(recording).map((one) => one.title)).toEqual(["a", "c"]);
  });

  it("tells of a flood at times, and not of each frame", () => {
    vi.useFakeTimers();
    try {
      const { recording, frame } = make();
      const told = vi.fn();
      recording.subscribe(told);
      for (let i = 0; i < 500; i++) frame({ type: "tinyvex.update" });
      vi.advanceTimersByTime(1_000);
      expect(told).toHaveBeenCalledTimes(1);
      expect(recording.getFrames()).toHaveLength(500);
    } finally {
      vi.useRealTimers();
    }
  });

  it("names what a frame is, and measures how late it came", () => {
    const { recording, frame } = make();
    frame({ type: "tinyvex.update", stream: "messages", threadId: "t1", ts: Date.now() - 40 });
    frame({ control: "tvx.query", name: "messages.list", args: { threadId: "t2" } }, 10, "out");
    const [update, query] = taken(recording);
    expect(update).toMatchObject({ title: "tinyvex.update messages", threadId: "t1" });
    expect(update!.lag).toBeGreaterThanOrEqual(40);
    expect(query).toMatchObject({ title: "tvx.query messages.list", threadId: "t2", lag: null });
    expect(lagOf([update!, query!])).toMatchObject({ count: 1 });
    expect(lagOf([query!])).toBeNull();
  });

  it("is filtered by words and direction", () => {
    const { recording, frame } = make();
    frame({ type: "tinyvex.update", stream: "messages", append: "needle" });
    frame({ type: "tinyvex.update", stream: "runs" });
    frame({ control: "run.submit", text: "Needle" }, 10, "out");
    const frames = taken(recording);
    expect(filtered(frames, "needle", "both").map((one) => one.number)).toEqual([1, 3]);
    expect(filtered(frames, "update needle", "both").map((one) => one.number)).toEqual([1]);
    expect(filtered(frames, "", "out").map((one) => one.number)).toEqual([3]);
  });
});
