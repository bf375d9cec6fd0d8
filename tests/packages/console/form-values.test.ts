import type { ElicitationProperty } from "@tinyvex/client";
import { describe, expect, it } from "vitest";
import { contentOf, fieldsOf, firstValue, inputTypeOf, patternOf, type FieldValue } from "../../../src/console/src/elicitations/form-values.ts";
import { deciderOf } from "../../../src/console/src/permissions/decider.ts";

function field(property: ElicitationProperty, required = false) {
  return fieldsOf({ properties: { a: property }, required: required ? ["a"] : [] })[0]!;
}

describe("a form of an agent", () => {
  it("keeps the order of its fields, and labels them", () => {
    const fields = fieldsOf({ properties: { b: { type: "string", title: "Branch" }, a: { type: "boolean" } }, required: ["b"] });
    expect(fields.map(({ name, label, isRequired }) => [name, label, isRequired])).toEqual([["b", "Branch", true], ["a", "a", false]]);
    expect(fieldsOf({})).toEqual([]);
  });

  it("has choices with titles, or without", () => {
    expect(field({ type: "string", enum: ["x"] }).choices).toEqual([{ value: "x", title: "x" }]);
    expect(field({ type: "string", oneOf: [{ const: "x", title: "X" }] }).choices).toMatchObject([{ value: "x", title: "X" }]);
    expect(field({ type: "array", items: { anyOf: [{ const: "x", title: "X" }] } }).choices).toMatchObject([{ value: "x", title: "X" }]);
  });

  it.each<[ElicitationProperty, FieldValue]>([
    [{ type: "string" }, ""], [{ type: "string", default: "d" }, "d"], [{ type: "integer", default: 3 }, "3"], [{ type: "boolean", default: true }, true], [{ type: "boolean" }, false],
    [{ type: "string", enum: ["x"], default: "y" }, ""], [{ type: "string", enum: ["x"], default: "x" }, "x"], [{ type: "array", items: { enum: ["x"] }, default: ["x", "y"] }, ["x"]],
    [{ type: "string", default: { a: 1 } }, ""],
  ])("begins %j with %j", (property, value) => expect(firstValue(field(property, true))).toEqual(value));

  it.each<[ElicitationProperty, boolean, FieldValue, unknown]>([
    [{ type: "string" }, false, "", undefined], [{ type: "string" }, true, "", ""], [{ type: "string" }, false, "x", "x"], [{ type: "integer" }, false, "3", 3],
    [{ type: "number" }, true, "", undefined], [{ type: "boolean" }, false, false, false], [{ type: "array" }, false, [], undefined], [{ type: "array" }, true, [], []],
  ])("sends of %j (required: %j) with %j: %j", (property, required, value, sent) => expect(contentOf(field(property, required), value)).toEqual(sent));

  it("takes the browser's own inputs, and patterns that it knows", () => {
    expect([{ type: "integer" }, { type: "string", format: "email" }, { type: "string", format: "date" }, { type: "string", format: "else" }].map(inputTypeOf))
      .toEqual(["number", "email", "date", "text"]);
    expect(patternOf({ type: "string", pattern: "(" })).toBeUndefined();
    expect(new RegExp(`^(?:${patternOf({ type: "string", pattern: "^[a-z]" })!})$`, "v").test("ab9")).toBe(true);
    expect(new RegExp(`^(?:${patternOf({ type: "string", pattern: "^[a-z]" })!})$`, "v").test("9ab")).toBe(false);
  });
});

describe("who decided", () => {
  it.each([["client", "by a client"], ["client:phone", "by phone"], ["policy:allow-reads", "by the policy allow-reads"], ["server", "by the server’s default"], ["agent", "by agent"]])(
    "%s is %s", (by, words) => expect(deciderOf(by)).toBe(words));
});
