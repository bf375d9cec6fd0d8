#!/usr/bin/env node
// An editor as the official SDK makes one: starts an agent, opens a session, sends prompts, and prints one line of JSON for each thing
// that it sees. Permissions are answered with the first option of a kind, or, with --answer wait, by nobody until the agent takes the
// request back.   node editor.mjs --cwd DIR [--mode ID] [--answer allow_once|reject_once|wait] --prompt TEXT… -- COMMAND ARGS…
import { spawn } from 'node:child_process';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';

const lab = path.resolve(process.env.TINYVEX_LAB ?? path.join(import.meta.dirname, '../../artifacts/lab'), 'agents');
const { PROTOCOL_VERSION, client, methods, ndJsonStream } = await import(path.join(lab, 'editors/node_modules/@agentclientprotocol/sdk/dist/v1/stable/acp.js'));

const end = process.argv.indexOf('--');
const [command, ...args] = process.argv.slice(end + 1);
const { values } = parseArgs({
  args: process.argv.slice(2, end),
  options: { cwd: { type: 'string' }, mode: { type: 'string' }, answer: { type: 'string', default: 'allow_once' }, prompt: { type: 'string', multiple: true } },
});
const tell = what => console.log(JSON.stringify(what));

const agent = spawn(command, args, { cwd: values.cwd, stdio: ['pipe', 'pipe', 'inherit'] });
await client({ name: 'lab-editor' })
  .onNotification(methods.client.session.update, ({ params }) => tell({ update: params.update.sessionUpdate, text: params.update.content?.text }))
  .onRequest(methods.client.session.requestPermission, async ({ params, signal }) => {
    tell({ asked: params.toolCall.toolCallId });
    if (values.answer === 'wait') {
      await new Promise(taken => signal.aborted ? taken() : signal.addEventListener('abort', taken));
      tell({ takenBack: params.toolCall.toolCallId });
      return { outcome: { outcome: 'cancelled' } };
    }
    return { outcome: { outcome: 'selected', optionId: params.options.find(option => option.kind === values.answer).optionId } };
  })
  .connectWith(ndJsonStream(Writable.toWeb(agent.stdin), Readable.toWeb(agent.stdout)), async ctx => {
    await ctx.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION, clientCapabilities: {} });
    const { sessionId } = await ctx.request(methods.agent.session.new, { cwd: values.cwd, mcpServers: [] });
    tell({ sessionId });
    if (values.mode) await ctx.request(methods.agent.session.setMode, { sessionId, modeId: values.mode });
    for (const text of values.prompt) {
      const { stopReason } = await ctx.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text }] });
      tell({ stopReason });
    }
  });
agent.stdin.end();
process.exit(await new Promise(done => agent.on('exit', done)));
