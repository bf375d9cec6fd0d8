using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.CodexExec;

/// <summary>A program called codex that says what the prompt wants it to, and writes down how it was called.</summary>
internal static class FakeCodex
{
    private const string Script = """
        #!/usr/bin/env node
        const fs = require('node:fs');
        const args = process.argv.slice(2);
        if (args[0] === '--version') { console.log('codex-cli 1.2.3'); process.exit(0); }
        const prompt = fs.readFileSync(0, 'utf8');
        const images = args.filter(arg => arg.startsWith('--image=')).map(arg => fs.readFileSync(arg.slice(8), 'utf8'));
        fs.appendFileSync(__dirname + '/calls.jsonl', JSON.stringify({ args, prompt, images }) + '\n');
        const say = event => fs.writeSync(1, JSON.stringify(event) + '\n');
        if (prompt === 'lost') { console.error('Error: no rollout found for thread id thread-1'); process.exit(1); }
        say({ type: 'thread.started', thread_id: args.includes('resume') ? args[args.indexOf('resume') + 1] : 'thread-1' });
        say({ type: 'turn.started' });
        const end = { done: { type: 'turn.completed', usage: { input_tokens: 7, cached_input_tokens: 1, output_tokens: 2, reasoning_output_tokens: 0 } },
          fail: { type: 'turn.failed', error: { message: 'The model is out of breath' } },
          login: { type: 'turn.failed', error: { message: 'unexpected status 401 Unauthorized: log in' } } };
        if (prompt === 'wait') {
          say({ type: 'item.started', item: { id: 'item_0', type: 'command_execution', command: 'sleep 60', status: 'in_progress' } });
          require('node:child_process').spawnSync('sleep', ['60']);
        }
        if (prompt === 'stop') process.exit(0);
        if (prompt === 'crash') { console.error('thread main panicked'); process.exit(7); }
        if (end[prompt]) { say(end[prompt]); process.exit(1); }
        fs.writeSync(1, 'WARNING: this is no JSON\n');
        say({ type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text: 'Echo: ' + prompt } });
        say(end.done);
        """;

    /// <summary>Writes it into a folder, and answers the folder that belongs into the PATH.</summary>
    public static string Write(TempFolder folder)
    {
        Directory.CreateDirectory(folder["bin"]);
        var path = Path.Combine(folder["bin"], "codex");
        File.WriteAllText(path, Script);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return folder["bin"];
    }

    /// <summary>How it was called so far.</summary>
    public static List<JsonElement> Calls(TempFolder folder) =>
        [.. File.ReadAllLines(Path.Combine(folder["bin"], "calls.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    public static string Arguments(JsonElement call) => string.Join(' ', call.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()));
}
