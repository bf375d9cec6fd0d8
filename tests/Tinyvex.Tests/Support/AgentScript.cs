using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>
/// An agent written by a test: a small Node program that answers as an agent should, and on top of it whatever the test wants it to
/// do otherwise. The test mostly replaces <c>prompt</c>, which is one turn.
/// </summary>
internal static class AgentScript
{
    private const string Beginning = """
        const fs = require('node:fs'), { spawn } = require('node:child_process');
        const send = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
        const reply = (id, result) => send({ id, result });
        const fail = (id, code, message, data) => send({ id, error: { code, message, data } });
        const update = (update, sessionId = 's1') => send({ method: 'session/update', params: { sessionId, update } });
        const say = (text, sessionId) => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }, sessionId);
        const sleep = ms => new Promise(done => setTimeout(done, ms));
        const never = new Promise(() => setInterval(() => {}, 1000));
        const asked = new Map();
        const ask = (method, params, id = `a${asked.size}`) => new Promise(answered => {
          asked.set(JSON.stringify(id), answered);
          send({ id, method, params: { sessionId: 's1', ...params } });
        });
        const options = [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }, { optionId: 'no', name: 'No', kind: 'reject_once' }];
        const permit = (toolCallId = 'c1', id) => ask('session/request_permission', { toolCall: { toolCallId, title: 'Write a file', kind: 'edit' }, options }, id);
        let cancel, cancelled = new Promise(done => cancel = done);
        let prompt = async text => { say('You said ' + text); };
        const on = {
          initialize: m => reply(m.id, { protocolVersion: 1, agentCapabilities: {} }),
          'session/new': m => reply(m.id, { sessionId: 's1' }),
          'session/prompt': async m => reply(m.id, { stopReason: await prompt(m.params.prompt.filter(block => !block._meta?.['tinyvex.preamble']).map(block => block.text).join(''), m.params) ?? 'end_turn' }),
          'session/cancel': () => cancel(),
        };
        let atEnd = () => process.exit(0);
        const can = (agentCapabilities, more) => { on.initialize = m => reply(m.id, { protocolVersion: 1, agentCapabilities, ...more }); };
        const note = message => process.env.FOLDER && fs.appendFileSync(process.env.FOLDER + '/calls', JSON.stringify(message) + '\n');

        """;

    private const string End = """

        require('node:readline').createInterface({ input: process.stdin }).on('close', () => atEnd()).on('line', line => {
          const message = JSON.parse(line);
          if (message.method && message.method !== 'initialize') note({ method: message.method, params: message.params });
          if (message.method) on[message.method]?.(message);
          else asked.get(JSON.stringify(message.id))?.(message);
        });
        """;

    /// <summary>What agents of a folder were asked so far, but for <c>initialize</c>, each as <c>{method, params}</c>.</summary>
    public static List<JsonElement> Calls(TempFolder folder) => File.Exists(folder["calls"])
        ? [.. File.ReadAllText(folder["calls"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)]
        : [];

    /// <summary>Writes the agent into a folder and answers the command that starts it.</summary>
    public static string Write(TempFolder folder, string script, string name = "agent")
    {
        File.WriteAllText(folder[name + ".cjs"], Beginning + script + End);
        return $"node '{folder[name + ".cjs"]}'";
    }
}
