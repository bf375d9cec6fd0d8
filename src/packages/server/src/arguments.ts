import type { StartOptions } from "./options.js";

/** What is ours to say, with the option that says it. */
const reserved: Readonly<Record<string, string>> = {
  "--db": "the option 'db'",
  "--port": "the option 'port'",
  "--listen": "the option 'port'; the server listens on loopback alone",
  "--token-file": "the option 'token'",
  "--auth": "the option 'token'; there always is one",
  "--exit-with-stdin": "always",
  "--parent-pid": "always",
  "--ingest-stdin": "none; connect with @tinyvex/client",
};

/**
 * The arguments of `tinyvex`. The token is not among them: every user of the machine can read them.
 *
 * @throws TypeError An argument is one that an option stands for.
 */
export function serverArguments(options: StartOptions, port: number): string[] {
  for (const argument of options.args ?? []) {
    const by = reserved[argument.split("=", 1)[0] ?? ""];
    if (by !== undefined) throw new TypeError(`'${argument}' does not belong into 'args': it is set by ${by}`);
  }
  return [
    "serve",
    "--exit-with-stdin",
    ...["--port", `${port}`],
    // Where another child of ours has inherited the pipe, its end is not ours.
    ...["--parent-pid", `${process.pid}`],
    ...given("--db", options.db),
    ...Object.entries(options.agents ?? {}).flatMap(([name, command]) => ["--agent", `${name}=${commandLine(command)}`]),
    ...given("--agents-file", options.agentsFile),
    ...given("--default-agent", options.defaultAgent),
    ...(options.allowOrigins ?? []).flatMap((origin) => ["--allow-origin", origin]),
    ...(options.args ?? []),
  ];
}

/** The server splits a command by its quotes; within them a backslash takes the next quote or backslash as it is. */
function commandLine(command: string | readonly string[]): string {
  if (typeof command === "string") return command;
  return command.map((word) => `"${word.replaceAll(/["\\]/g, "\\$&")}"`).join(" ");
}

function given(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}
