import { TinyvexClient } from "@tinyvex/client";
import { TinyvexProvider } from "@tinyvex/react";
import { act, cleanup, render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { ScriptedServer, threadSnapshot, type ScriptedSocket } from "./scripted-server.ts";

/** A page with a client of a scripted server, on fake timers. */
export class ReactPage {
  readonly server = new ScriptedServer();
  readonly client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: this.server.WebSocket });
  shown!: RenderResult;

  constructor() {
    vi.useFakeTimers();
  }

  get socket(): ScriptedSocket {
    return this.server.socket;
  }

  readonly wrapper = ({ children }: { children: ReactNode }) => <TinyvexProvider client={this.client}>{children}</TinyvexProvider>;

  async render(ui: ReactNode): Promise<void> {
    this.shown = render(ui, { wrapper: this.wrapper });
    await this.settle();
  }

  /** Connects. */
  async open(): Promise<void> {
    await act(async () => this.socket.open());
    await this.settle();
  }

  /** Answers the subscription of the thread t1. */
  async snapshot(more: object = {}): Promise<void> {
    await this.answer("tvx.subscribe", threadSnapshot(more));
  }

  async answer(control: string, frame: object): Promise<void> {
    await act(async () => this.socket.answer(control, frame));
    await this.settle();
  }

  /** Answers what the thread's feed asks for its older items. */
  async older(...timeline: Parameters<ScriptedSocket["answerOlder"]>[0]): Promise<void> {
    await act(async () => this.socket.answerOlder(timeline));
    await this.settle();
  }

  /** Says frames that arrive together. */
  async say(...frames: object[]): Promise<void> {
    await act(async () => {
      for (const frame of frames) this.socket.say(frame);
    });
    await this.settle();
  }

  async settle(milliseconds = 0): Promise<void> {
    await act(() => vi.advanceTimersByTimeAsync(milliseconds));
  }

  get text(): string {
    return this.shown.container.textContent ?? "";
  }

  end(): void {
    cleanup();
    this.client.close();
    vi.useRealTimers();
  }
}
