// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { useAttachments } from "../../../src/console/src/prompt/use-attachments.ts";

afterEach(cleanup);

/** A file that is read once it is told to. */
function slowFile(name: string) {
  let resolve!: (data: ArrayBuffer) => void;
  const promise = new Promise<ArrayBuffer>((resolved) => (resolve = resolved));
  return { file: Object.assign(new File(["x"], name), { arrayBuffer: () => promise }), read: (text: string) => resolve(new TextEncoder().encode(text).buffer as ArrayBuffer) };
}

describe("attachments that are taken", () => {
  it("are waited for while they are read", async () => {
    const { result } = renderHook(useAttachments);
    const [first, second] = [slowFile("a.txt"), slowFile("b.txt")];
    act(() => {
      void result.current.add([first.file]);
      void result.current.add([second.file]);
    });
    expect(result.current.isReading).toBe(true);
    const taken = result.current.take();
    await act(async () => {
      second.read("b");
      first.read("a");
      await taken;
    });
    expect((await taken)!.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
    await waitFor(() => expect([result.current.attachments, result.current.isReading]).toEqual([[], false]));
  });

  it("are none where something was left out meanwhile, as the person has to know first", async () => {
    const { result } = renderHook(useAttachments);
    const odd = slowFile("a.bin");
    act(() => void result.current.add([odd.file]));
    const taken = result.current.take();
    await act(async () => {
      odd.read("\0");
      await taken;
    });
    expect(await taken).toBeNull();
    expect(result.current.problems).toEqual([expect.stringContaining("a.bin was left out")]);
  });

  it("come back before those that were chosen since", async () => {
    const { result } = renderHook(useAttachments);
    await act(() => result.current.add([new File(["a"], "a.txt")]));
    let taken: Awaited<ReturnType<typeof result.current.take>> = null;
    await act(async () => void (taken = await result.current.take()));
    await act(() => result.current.add([new File(["b"], "b.txt")]));
    act(() => result.current.putBack(taken!));
    expect(result.current.attachments.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
  });
});
