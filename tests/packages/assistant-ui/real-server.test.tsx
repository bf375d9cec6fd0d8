// @vitest-environment happy-dom
import { AssistantRuntimeProvider, MessagePrimitive, ThreadPrimitive, type AssistantRuntime } from "@assistant-ui/react";
import { TinyvexToolCall, useTinyvexRuntime } from "@tinyvex/assistant-ui";
import { TinyvexClient, type WebSocketConstructor } from "@tinyvex/client";
import { TinyvexProvider } from "@tinyvex/react";
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { binary, RealServer } from "../support/real-server.ts";

describe.skipIf(!binary)("assistant-ui, with a real server", () => {
  let server: RealServer;
  let client: TinyvexClient;
  let runtime: AssistantRuntime;
  let errors: Error[];

  beforeAll(async () => {
    server = await RealServer.start("--agent", "mute=/nowhere/at-all");
  });

  beforeEach(() => {
    errors = [];
    client = new TinyvexClient({ url: server.ready.ws, token: server.ready.token, WebSocket: WebSocket as unknown as WebSocketConstructor });
  });

  afterEach(() => {
    cleanup();
    client.close();
  });

  afterAll(() => server?.stop());

  const parts = { Text: ({ text }: { text: string }) => <p>{text}</p>, tools: { Fallback: TinyvexToolCall } };
  const Message = () => <MessagePrimitive.Root><MessagePrimitive.Parts components={parts} /></MessagePrimitive.Root>;

  function Chat({ agent }: { agent: string }) {
    runtime = useTinyvexRuntime({ agent, onError: (error) => errors.push(error) });
    return <AssistantRuntimeProvider runtime={runtime}><ThreadPrimitive.Messages components={{ Message }} /></AssistantRuntimeProvider>;
  }

  function show(agent: string) {
    return render(<TinyvexProvider client={client}><Chat agent={agent} /></TinyvexProvider>);
  }

  const shows = (holds: () => boolean) => vi.waitFor(() => expect(holds()).toBe(true), { timeout: 20_000, interval: 20 });
  const last = () => runtime.thread.getState().messages.at(-1);

  it("runs a turn with its permissions to the end, as two messages", async () => {
    const page = show("replay");
    runtime.thread.append("Cut titles end oddly.");
    await shows(() => last()?.role === "assistant");
    const asked = () => page.queryAllByRole("button", { name: /allow this edit/i });
    while (last()!.status?.type !== "complete") {
      await shows(() => asked().length > 0 || last()!.status?.type === "complete");
      for (const button of asked()) {
        fireEvent.click(button);
        await shows(() => !button.isConnected);
      }
    }

    expect(runtime.thread.getState().isRunning).toBe(false);
    expect(runtime.thread.getState().messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    const tools = last()!.content.flatMap((part) => (part.type === "tool-call" ? [part] : []));
    expect(tools.some(({ approval }) => approval?.approved)).toBe(true);
    expect(page.container.querySelector("[data-line=added]")).not.toBeNull();
    expect(errors).toEqual([]);
    expect(runtime.threads.getState().threadIds).toEqual([runtime.threads.getState().mainThreadId]);
  });

  it("shows why an agent did not start", async () => {
    show("mute");
    runtime.thread.append("Hello");
    await shows(() => last()?.status?.type === "incomplete");
    expect(last()).toMatchObject({ role: "assistant", content: [], status: { reason: "error", error: expect.stringContaining("/nowhere/at-all") } });
    expect(runtime.thread.getState().messages[0]).toMatchObject({ role: "user", content: [{ text: "Hello" }] });
  });
});
