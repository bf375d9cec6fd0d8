#!/usr/bin/env node
// Installs the real agents that the end-to-end tests drive into artifacts/lab/agents: each from its committed package-lock.json,
// so that the versions, and by their integrity hashes the very bytes, are those the tests were written against.
// A second run finds the lock file unchanged and does nothing.   node tests/lab/install.mjs [AGENT…]
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const lab = import.meta.dirname;
const target = path.resolve(process.env.TINYVEX_LAB ?? path.join(lab, '../../artifacts/lab'), 'agents');
const known = fs.readdirSync(path.join(lab, 'agents')).sort();
const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = wanted.filter(name => !known.includes(name));
if (unknown.length) {
  console.error(`install: no agent is called ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

for (const [index, name] of wanted.entries()) {
  const from = path.join(lab, 'agents', name), to = path.join(target, name), stamp = path.join(to, '.installed');
  const lock = fs.readFileSync(path.join(from, 'package-lock.json'), 'utf8');
  const label = `[${index + 1}/${wanted.length}] ${name}`;
  // The stamp is written last: an install that was interrupted has none and starts over.
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock) {
    console.log(`${label}: already installed`);
    continue;
  }
  console.log(`${label}: installing ${JSON.stringify(JSON.parse(fs.readFileSync(path.join(from, 'package.json'), 'utf8')).dependencies)} …`);
  const began = performance.now();
  fs.rmSync(stamp, { force: true });
  fs.mkdirSync(to, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) fs.copyFileSync(path.join(from, file), path.join(to, file));
  const code = await install(to, label, isWhole(JSON.parse(lock)) ? 'ci' : 'install');
  if (code !== 0) {
    console.error(`${label}: npm ended with ${code}`);
    process.exit(1);
  }
  fs.writeFileSync(stamp, lock);
  console.log(`${label}: installed, ${megabytes(to)} MB in ${seconds(began)} s`);
}

// npm shows no progress where its output is not a terminal, and a download of hundreds of megabytes must not look like a hang.
function install(folder, label, how) {
  const began = performance.now();
  const ticker = setInterval(() => console.log(`${label}: … ${megabytes(folder)} MB after ${seconds(began)} s`), 5000);
  const child = spawn('npm', [how, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  return new Promise(resolve => {
    child.on('error', error => { console.error(`${label}: ${error.message}`); resolve(-1); });
    child.on('exit', resolve);
  }).finally(() => clearInterval(ticker));
}

// A registry may lack the parts of a package for other systems. Then a lock names them without their hashes, and npm ci refuses it; npm install
// takes the versions and hashes that are locked just the same.
function isWhole(lock) {
  const names = new Set(Object.keys(lock.packages).map(place => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  return Object.values(lock.packages).every(found => Object.keys(found.optionalDependencies ?? {}).every(name => names.has(name)));
}

function seconds(since) { return Math.round((performance.now() - since) / 1000); }

function megabytes(folder) {
  let bytes = 0;
  const visit = folder => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const name = path.join(folder, entry.name);
      // npm moves folders about while it installs, so a file seen a moment ago may be gone.
      try { entry.isDirectory() ? visit(name) : entry.isFile() && (bytes += fs.statSync(name).size); } catch { }
    }
  };
  try { visit(folder); } catch { }
  return Math.round(bytes / 1e6);
}
