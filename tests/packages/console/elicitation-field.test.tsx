// @vitest-environment happy-dom
/// <reference types="vite/client" />
import type { ElicitationProperty } from "@tinyvex/client";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { ElicitationField } from "../../../src/console/src/elicitations/elicitation-field.tsx";
import { fieldsOf } from "../../../src/console/src/elicitations/form-values.ts";

afterEach(cleanup);

const choices = [{ const: "a", title: "First", description: "The safe one" }, { const: "b", title: "Second" }];

function shown(property: ElicitationProperty, value: string | string[]) {
  const [field] = fieldsOf({ type: "object", properties: { where: property } });
  return render(<ElicitationField field={field!} value={value} onChange={() => undefined} />).container;
}

describe("what an agent says of a choice", () => {
  it("stands below a list once the choice is made", () => {
    shown({ type: "string", oneOf: choices, description: "Where to" }, "a");
    const about = document.getElementById(screen.getByRole("combobox").getAttribute("aria-describedby")!)!;
    expect([...about.children].map((one) => one.textContent)).toEqual(["Where to", "The safe one"]);
    cleanup();
    expect(shown({ type: "string", oneOf: choices }, "b").querySelector("[aria-describedby]")).toBeNull();
  });

  it("stands at its check box", () =>
    expect(shown({ type: "array", items: { anyOf: choices } }, []).querySelector("label")!.textContent).toBe("FirstThe safe one"));
});
