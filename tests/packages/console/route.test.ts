import { describe, expect, it } from "vitest";
import { fragmentOf, routeOf, type Route } from "../../../src/console/src/app/route.ts";

describe("a route", () => {
  it.each<Route>([
    { page: "new" },
    { page: "thread", threadId: "01a2" },
    { page: "thread", threadId: "a/b c?#%" },
    { page: "thread", threadId: "a", itemId: "b/c" },
    { page: "agents" },
    { page: "inspector" },
    { page: "server" },
  ])("is the same after its fragment: %o", (route) => expect(routeOf(fragmentOf(route))).toEqual(route));

  it.each(["", "#", "#/", "#/t", "#/t/", "#/nowhere", "#/t/%E0%A4%A"])("of %j is the start page", (fragment) => expect(routeOf(fragment)).toEqual({ page: "new" }));
});
