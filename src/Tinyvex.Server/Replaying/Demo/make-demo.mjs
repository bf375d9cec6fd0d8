#!/usr/bin/env node
// Writes demo.jsonl, the transcript that `tinyvex replay` plays without a file. Invented from end to end: no agent was recorded
// and no model wrote it. Run it after a change here and commit both:   node make-demo.mjs
import fs from 'node:fs';
import path from 'node:path';

const session = 'demo', root = '/home/dev/emoji-cut';
const lines = [];
let t = 0, nextId = 0, ownId = 0, message = 0;

// The same pauses at every run, so that a change of the text is all that a new file shows.
let seed = 20261122;
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const between = (low, high) => low + Math.floor(random() * (high - low + 1));

const record = (dir, msg) => lines.push(JSON.stringify({ dir, t, msg: { jsonrpc: '2.0', ...msg } }));
const pause = (low, high = low) => { t += between(low, high); };
const update = fields => record('a2c', { method: 'session/update', params: { sessionId: session, update: fields } });
const call = (method, params, play) => {
  const id = nextId++;
  record('c2a', { id, method, params });
  record('a2c', { id, result: play() });
};

// A model's tokens: short words whole, long ones in pieces, and never half a character.
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
function* tokens(text) {
  for (const word of text.match(/\s*\S+|\s+$/g)) {
    const letters = [...characters.segment(word)].map(part => part.segment);
    while (letters.length) yield letters.splice(0, letters.length <= 9 ? 9 : between(4, 7)).join('');
  }
}
const stream = (kind, text) => {
  const messageId = `msg_${++message}`;
  for (const token of tokens(text)) {
    pause(15, 60);
    update({ sessionUpdate: kind, messageId, content: { type: 'text', text: token } });
  }
};
const think = text => stream('agent_thought_chunk', text);
const say = text => stream('agent_message_chunk', text);
const plan = (done, ...steps) => update({
  sessionUpdate: 'plan',
  entries: steps.map((content, i) => ({
    content, priority: i === 1 ? 'high' : 'medium', status: i < done ? 'completed' : i === done ? 'in_progress' : 'pending',
  })),
});
const text = text => ({ type: 'content', content: { type: 'text', text } });
const usage = used => update({ sessionUpdate: 'usage_update', used, size: 200000 });

const file = `${root}/src/cut.js`;
const before = `export function cut(text, length) {
  if (text.length <= length) return text;
  return text.slice(0, length - 1) + '…';
}
`;
const after = `const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function cut(text, length) {
  const parts = [...characters.segment(text)].map(part => part.segment);
  if (parts.length <= length) return text;
  return parts.slice(0, length - 1).join('') + '…';
}
`;

// The table in the last answer is not invented: it is what the code above does.
const cutBefore = (text, length) => text.length <= length ? text : text.slice(0, length - 1).toWellFormed() + '…';
const cutAfter = (text, length) => {
  const parts = [...characters.segment(text)].map(part => part.segment);
  return parts.length <= length ? text : parts.slice(0, length - 1).join('') + '…';
};

call('initialize', { protocolVersion: 1, clientCapabilities: {}, clientInfo: { name: 'demo', version: '1' } }, () => {
  pause(40);
  return {
    protocolVersion: 1,
    agentCapabilities: { loadSession: false, promptCapabilities: { image: false, audio: false, embeddedContext: true } },
    agentInfo: { name: 'tinyvex-demo', title: 'Demo (a recording)', version: '1.0.0' },
    authMethods: [],
  };
});

call('session/new', { cwd: root, mcpServers: [] }, () => {
  pause(25);
  return { sessionId: session };
});
pause(10);
update({
  sessionUpdate: 'available_commands_update',
  availableCommands: [
    { name: 'review', description: 'Read the uncommitted changes and comment on them', input: { hint: 'what to look at' } },
    { name: 'test', description: 'Run the tests and explain what fails', input: null },
  ],
});

pause(1500);
call('session/prompt', {
  sessionId: session,
  prompt: [{ type: 'text', text: 'Cut titles sometimes end in �. Can you find out why and fix it?' }],
}, () => {
  const steps = ['Find where titles are cut', 'Cut between characters, not inside one', 'Run the tests'];
  pause(280);
  think('A � at the end smells like half a character: something cuts the string by code units, and the second half of a pair is lost. I look at where titles are cut, before I suspect the database or the font.');
  plan(0, ...steps);
  say('I will look at how titles are cut.');

  pause(60);
  update({
    sessionUpdate: 'tool_call', toolCallId: 'call_1', title: 'Read src/cut.js', kind: 'read', status: 'in_progress',
    locations: [{ path: file, line: 1 }], rawInput: { path: file },
  });
  pause(160);
  update({ sessionUpdate: 'tool_call_update', toolCallId: 'call_1', status: 'completed', content: [text(before)] });
  usage(3120);
  plan(1, ...steps);
  pause(120);
  say('There it is. `slice` counts UTF-16 code units, and 🦊 is two of them, so a cut can fall **inside** the fox:\n\n'
    + '```js\n"日本語 🦊".slice(0, 5)   // "日本語 \\ud83e", shown as 日本語 �\n```\n\n'
    + 'Code points alone would not do either: 👩‍🚀 is three of them. `Intl.Segmenter` knows where a character ends.');

  pause(90);
  const edit = {
    toolCallId: 'call_2', title: 'Edit src/cut.js', kind: 'edit', status: 'pending', locations: [{ path: file, line: 1 }],
    content: [{ type: 'diff', path: file, oldText: before, newText: after }],
  };
  update({ sessionUpdate: 'tool_call', ...edit });
  const own = ownId++;
  record('a2c', {
    id: own, method: 'session/request_permission',
    params: {
      sessionId: session, toolCall: edit,
      options: [
        { optionId: 'once', name: 'Allow this edit', kind: 'allow_once' },
        { optionId: 'always', name: 'Allow edits in this session', kind: 'allow_always' },
        { optionId: 'no', name: 'Reject', kind: 'reject_once' },
      ],
    },
  });
  pause(900);
  record('c2a', { id: own, result: { outcome: { outcome: 'selected', optionId: 'once' } } });
  pause(30);
  update({ sessionUpdate: 'tool_call_update', toolCallId: 'call_2', status: 'in_progress' });
  pause(110);
  update({ sessionUpdate: 'tool_call_update', toolCallId: 'call_2', status: 'completed' });
  plan(2, ...steps);

  pause(200);
  update({
    sessionUpdate: 'tool_call', toolCallId: 'call_3', title: 'node --test', kind: 'execute', status: 'in_progress',
    rawInput: { command: 'node --test', cwd: root },
  });
  let output = '';
  for (const line of ['✔ keeps a short title as it is\n', '✔ cuts a long title and adds an ellipsis\n',
    '✔ keeps 🦊 whole\n', '✔ keeps 👩‍🚀 whole\n', 'ℹ tests 4, pass 4, fail 0\n']) {
    pause(90, 160);
    output += line;
    update({ sessionUpdate: 'tool_call_update', toolCallId: 'call_3', content: [text(output)] });
  }
  pause(60);
  update({ sessionUpdate: 'tool_call_update', toolCallId: 'call_3', status: 'completed', rawOutput: { exitCode: 0, stdout: output } });
  plan(3, ...steps);
  usage(4870);

  pause(180);
  const rows = [['日本語 🦊🦊', 6], ['Ahoy 👩‍🚀!', 7], ['Ein langer Titel 🦊', 12]]
    .map(([title, length]) => `| \`${title}\` to ${length} | ${cutBefore(title, length)} | ${cutAfter(title, length)} |\n`).join('');
  say('Fixed: titles are now cut **between** characters, so 🦊 and 👩‍🚀 count as one each, as a reader counts them.\n\n'
    + `| title | before | now |\n|---|---|---|\n${rows}\n`
    + 'What I changed:\n\n- `src/cut.js` counts and cuts what a reader takes for one character\n'
    + '- the segmenter is made once for the module, not for each title\n- nothing else: who calls `cut` need not change\n\n'
    + 'All four tests pass. ✅\n\n*You are watching the demonstration that comes with Tinyvex: no model was asked and no file was touched.*');
  usage(5240);
  pause(40);
  return { stopReason: 'end_turn' };
});

pause(4000);
call('session/prompt', { sessionId: session, prompt: [{ type: 'text', text: 'Is the segmenter slow?' }] }, () => {
  pause(220);
  think('The segmenter is made once for the module. What is left is one pass over the title.');
  say('Slower than `slice`, yet not where you would notice: the segmenter is made **once**, and a title is one short pass. '
    + 'For texts of many pages I would stop after the first `length` characters instead of collecting them all. Shall I do that? 🙂');
  usage(6010);
  pause(30);
  return { stopReason: 'end_turn' };
});

fs.writeFileSync(path.join(import.meta.dirname, 'demo.jsonl'), lines.join('\n') + '\n');
