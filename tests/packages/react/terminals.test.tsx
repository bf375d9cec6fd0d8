// @vitest-environment happy-dom
import { useTerminal, useTerminals, useTinyvexSubscription } from "@tinyvex/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ReactPage } from "../support/react-page.tsx";
import { chunk, printed, terminalRow, terminalUpdate } from "../support/scripted-server.ts";

let page: ReactPage;

beforeEach(() => {
  page = new ReactPage();
});

afterEach(() => page.end());

it("useTerminals shows what is printed as it comes, and renders for nothing else", async () => {
  let renders = 0;
  function All() {
    renders++;
    return useTerminals("t1").map((row) => <p key={row.terminalId}>{row.command} {row.output}</p>);
  }

  await page.render(<All />);
  await page.open();
  await page.snapshot({ terminals: [terminalRow("x", 1, "one ")] });
  await page.say(printed("x", 4, "two"), terminalUpdate(terminalRow("y", 2, "other", { command: "ls" })));
  expect(page.text).toBe("make one twols other");
  const before = renders;
  await page.say(chunk("m", 3, 1, "Hello"));
  expect(renders).toBe(before);
});

it("useTerminal is the one that a tool call names, once it is there", async () => {
  function One() {
    return <p>{useTerminal("t1", "x")?.output ?? "none"}</p>;
  }

  function Rows() {
    return <p>{useTinyvexSubscription({ stream: "terminals", threadId: "t1" }).rows.map((row) => row.terminalId).join(" ")}</p>;
  }

  await page.render(<><One /><Rows /></>);
  await page.open();
  await page.snapshot();
  expect(page.text).toBe("none");
  await page.say(terminalUpdate(terminalRow("x", 1, "out")));
  expect(page.text).toBe("outx");
});
