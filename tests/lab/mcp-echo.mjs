#!/usr/bin/env node
// An MCP server on stdio with one tool, echo, which answers what it is told and fails where that is "bad". No dependencies.
import { createInterface } from 'node:readline';

const methods = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'echo', version: '1' } }),
  'tools/list': () => ({
    tools: [{ name: 'echo', description: 'Answers what it is told', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } }],
  }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: `Echo ${params.arguments.text}` }], isError: params.arguments.text === 'bad' }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = (methods[method] ?? (() => ({})))(params);
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\n');
});
