import { visibleText } from "../text/visible-text.js";

/** Who or what decided, as a row's `answeredBy` or `policySetBy` has it, in words. */
export function deciderOf(by: string): string {
  const [kind, name] = [by.split(":", 1)[0], by.slice(by.indexOf(":") + 1)];
  if (kind === "policy") return `by the policy ${visibleText(name)}`;
  if (by === "server") return "by the server’s default";
  if (by === "client") return "by a client";
  return `by ${visibleText(kind === "client" ? name : by)}`;
}
