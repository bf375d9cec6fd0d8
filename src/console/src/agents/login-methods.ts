import type { AgentRow, AuthMethod } from "@tinyvex/client";
import { objectsOf } from "../text/objects-of.js";
import { visibleCode, visibleText } from "../text/visible-text.js";

/** A way to log in, as text that can be shown. */
export interface LoginMethod {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Whether it is a command for a person to run, which nobody can do from here. */
  readonly isForTerminal: boolean;
  /** That command, where the agent or the server knows it whole. */
  readonly command: string | null;
  /** Else what stands behind the agent's own command. */
  readonly args: string | null;
  /** Variables that the agent looks for in its environment. */
  readonly variables: readonly string[];
}

/** The ways that an agent offered when it was started last. What is of another shape is left out. */
export function loginMethodsOf({ authMethods, login }: AgentRow): LoginMethod[] {
  return objectsOf(authMethods).flatMap((method) => {
    if (typeof method.id !== "string") return [];
    const isForTerminal = method.type === "terminal";
    const args = "args" in method ? commandLine(method.args) : null;
    return [{
      id: method.id,
      name: textOf(method.name) ?? visibleText(method.id),
      description: textOf(method.description),
      isForTerminal,
      command: isForTerminal ? (commandOf(method) ?? (args === null && login !== null ? visibleCode(login) : null)) : null,
      args: isForTerminal ? args : null,
      variables: "vars" in method && Array.isArray(method.vars) ? method.vars.flatMap(variableOf) : [],
    }];
  });
}

/** Some agents tell the whole command, for clients with a terminal of their own. */
function commandOf({ _meta }: AuthMethod): string | null {
  const told = _meta?.["terminal-auth"];
  if (typeof told !== "object" || told === null || !("command" in told) || typeof told.command !== "string") return null;
  return commandLine([told.command, ...("args" in told && Array.isArray(told.args) ? told.args : [])]);
}

function variableOf(variable: unknown): string[] {
  return typeof variable === "object" && variable !== null && "name" in variable && typeof variable.name === "string" ? [visibleCode(variable.name)] : [];
}

/** Words as a shell takes them. */
function commandLine(words: unknown): string | null {
  if (!Array.isArray(words)) return null;
  const quoted = words.filter((word) => typeof word === "string").map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return quoted.length === 0 ? null : visibleCode(quoted.join(" "));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? visibleText(value) : null;
}
