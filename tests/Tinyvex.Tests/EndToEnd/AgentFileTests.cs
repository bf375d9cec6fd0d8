using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Files that an agent reads and writes through the server: within the thread's directories, and nowhere else.</summary>
public class AgentFileTests
{
    private const string Ways = """
        const path = require('node:path'), root = process.cwd();
        const read = async (file, more) => { const { result, error } = await ask('fs/read_text_file', { path: file, ...more }); return error ? error.code : result.content; };
        const write = async (file, content) => { const { result, error } = await ask('fs/write_text_file', { path: file, content }); return error ? error.code : JSON.stringify(result); };

        """;

    [Test]
    public async Task A_file_is_read_as_a_whole_or_by_its_lines()
    {
        await using var stage = await AgentStage.ScriptAsync(Ways + """
            prompt = async () => {
              fs.writeFileSync('lines.txt', 'one\r\ntwö\nthree\n\nfive');
              fs.writeFileSync('empty.txt', '');
              const file = root + '/lines.txt';
              say(JSON.stringify([await read(file), await read(file, { line: 2 }), await read(file, { line: 2, limit: 2 }), await read(file, { limit: 1 }), await read(file, { line: 0, limit: 1 }),
                await read(file, { line: 5 }), await read(file, { line: 6 }), await read(file, { limit: 0 }), await read(root + '/empty.txt'), await read(file, { line: 'x' })]));
            };
            """);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("""["one\r\ntwö\nthree\n\nfive","twö\nthree\n\nfive","twö\nthree\n","one\r\n","one\r\n","five","","","",-32602]""");
    }

    [Test]
    public async Task A_file_is_written_and_made_with_the_directories_it_is_in()
    {
        await using var stage = await AgentStage.ScriptAsync(Ways + """
            prompt = async () => {
              fs.writeFileSync('old.txt', 'a long text that was there');
              fs.chmodSync('old.txt', 0o640);
              fs.symlinkSync('old.txt', 'link.txt');
              const answers = [await write(root + '/new/and/deep.txt', 'déep\0'), await write(root + '/link.txt', 'short'), await read(root + '/link.txt')];
              say(JSON.stringify([...answers, fs.readFileSync('new/and/deep.txt', 'utf8'), fs.readFileSync('old.txt', 'utf8'), (fs.statSync('old.txt').mode & 0o777).toString(8), fs.lstatSync('link.txt').isSymbolicLink()]));
            };
            """);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("""["{}","{}","short","déep\u0000","short","640",true]""");
    }

    [Test]
    public async Task No_way_leads_out_of_the_threads_directories()
    {
        await using var stage = await AgentStage.ScriptAsync(Ways + """
            prompt = async () => {
              const outside = path.dirname(root) + '/outside-' + path.basename(root);
              fs.mkdirSync(outside);
              fs.writeFileSync(outside + '/secret', 'secret');
              fs.mkdirSync('inside');
              fs.symlinkSync(outside, 'out');
              fs.symlinkSync('../' + path.basename(outside) + '/secret', 'file');
              fs.symlinkSync(outside + '/not-there-yet', 'dangling');
              fs.symlinkSync('inside', 'in');
              fs.symlinkSync('circle', 'circle');
              fs.symlinkSync('/', 'inside/top');
              const ways = ['/etc/passwd', root + '/../' + path.basename(outside) + '/secret', root + '/../../etc/passwd', 'lines.txt', '../x', root + '/out/secret', root + '/out/new', root + '/file',
                root + '/dangling', root + '/in/../../' + path.basename(outside) + '/secret', root + '/inside/top/etc/passwd', root + '/out/../secret', root + '-sibling', root + '/circle',
                '/proc/self/cwd/../secret', root + '/a\0b', ''];
              const answers = [];
              for (const way of ways) answers.push(await read(way), await write(way, 'x'));
              const fine = [await write(root + '/in/a.txt', 'fine'), await read(root + '/./in/../inside/a.txt'), await read(root + '/inside/./../in//a.txt')];
              say(JSON.stringify([[...new Set(answers)], fine, fs.readdirSync(outside), fs.readFileSync(outside + '/secret', 'utf8'), fs.existsSync(root + '-sibling')]));
              fs.rmSync(outside, { recursive: true });
            };
            """);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("""[[-32602],["{}","fine","fine"],["secret"],"secret",false]""");
    }

    [Test]
    public async Task What_is_no_text_file_is_refused_and_a_missing_one_is_told_apart()
    {
        await using var stage = await AgentStage.ScriptAsync(Ways + """
            prompt = async () => {
              require('node:child_process').execSync('mkfifo pipe');
              fs.writeFileSync('bytes', Buffer.from([0x61, 0xff]));
              fs.writeFileSync('large', 'x'.repeat(1023) + '\n'); fs.truncateSync('large', 17 * 1024 * 1024);
              fs.writeFileSync('closed', 'x'); fs.chmodSync('closed', 0);
              const at = name => root + '/' + name;
              say(JSON.stringify([await read(at('pipe')), await write(at('pipe'), 'x'), await read(root), await write(root, 'x'), await read(at('bytes')), await read(at('large')),
                (await read(at('large'), { limit: 1 })).length, await read(at('missing')), await write(at('bytes/x'), 'x'), (await ask('fs/read_text_file', {})).error.code,
                (await ask('fs/write_text_file', { path: at('x') })).error.code]));
            };
            """);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("""[-32602,-32602,-32602,-32602,-32602,-32602,1024,-32002,-32603,-32602,-32602]""");
    }

    [Test]
    public async Task Requests_are_done_in_their_order()
    {
        await using var stage = await AgentStage.ScriptAsync(Ways + """
            prompt = async () => {
              const file = root + '/x', all = [];
              for (let i = 0; i < 50; i++) all.push(write(file, 'x'.repeat(100000) + i), read(file));
              say((await Promise.all(all)).filter((_, i) => i % 2).map(text => text.replace(/x/g, '')).join(' '));
            };
            """);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo(string.Join(' ', Enumerable.Range(0, 50)));
    }

    [Test]
    public async Task An_agent_that_asks_for_large_files_and_listens_late_costs_no_more_than_a_few_of_them()
    {
        await using var stage = await AgentStage.ScriptAsync(Ways + """
            prompt = async () => {
              fs.writeFileSync('large', 'x'.repeat(8 * 1024 * 1024));
              process.stdin.pause();
              const all = [];
              for (let i = 0; i < 40; i++) all.push(read(root + '/large'));
              await sleep(1000); process.stdin.resume();
              say((await Promise.all(all)).filter(text => text.length === 8 * 1024 * 1024).length + ' read');
            };
            """);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("40 read");
        var peak = (await File.ReadAllLinesAsync($"/proc/{stage.Server.Id}/status")).Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        await Assert.That(long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture)).IsLessThan(320 * 1024);
    }
}
