using System.Diagnostics;
using Tinyvex.Cli.Commands;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Help, manual and completions say what there is.</summary>
public class HelpTests
{
    private static readonly List<string> Verbs = [.. RootVerb.Create([]).Subcommands.Select(verb => verb.Name)];

    [Test]
    public async Task The_guide_has_every_verb_once_with_an_example()
    {
        await Assert.That(VerbGuide.All.Select(guide => guide.Verb).Lines()).IsEqualTo(Verbs.Lines());
        await Assert.That(VerbGuide.All.Where(guide => guide.Examples.Length == 0 || !guide.Examples[0].Line.Contains("tinyvex", StringComparison.Ordinal))).IsEmpty();
    }

    [Test]
    public async Task Help_of_each_verb_teaches_by_example()
    {
        var (exitCode, output, _) = await ServerProcess.RunAsync(["--help"]);
        await Assert.That(exitCode).IsEqualTo(0);
        foreach (var guide in VerbGuide.All)
        {
            await Assert.That(output).Contains($"{guide.Verb} ").And.Contains(guide.Summary);
            var help = await ServerProcess.RunAsync([guide.Verb, "--help"]);
            await Assert.That(help.ExitCode).IsEqualTo(0).Because(guide.Verb);
            await Assert.That(help.Output).Contains("Usage:").And.Contains(guide.Examples[0].Line);
        }
    }

    [Test]
    public async Task The_manual_names_every_verb_option_and_exit_code()
    {
        var manual = (await ServerProcess.RunAsync(["man"])).Output;
        foreach (var verb in RootVerb.Create([]).Subcommands)
        {
            await Assert.That(manual).Contains($".SS \"tinyvex {verb.Name}\"");
            foreach (var option in verb.Options.Where(option => option.Name != "--help")) await Assert.That(manual).Contains(option.Name.Replace("-", "\\-", StringComparison.Ordinal));
        }

        foreach (var code in Enum.GetValues<ExitCode>()) await Assert.That(manual).Contains($".TP\n.B \"{(int)code}\"\n");
        await Assert.That(manual.Split('\n').Where(line => line.StartsWith('\'') || line.Contains('\t', StringComparison.Ordinal))).IsEmpty();
    }

    [Test]
    [Arguments("tinyvex ba", "backup\tcopy the database while the server goes on")]
    [Arguments("tinyvex completions f", "fish")]
    [Arguments("tinyvex threads --l", "--limit\tHow many at most")]
    [Arguments("tinyvex backup ", "")]
    [Arguments("tinyvex backup --force ", "")]
    public async Task The_program_suggests_how_a_line_goes_on(string line, string suggestion) =>
        await Assert.That((await ServerProcess.RunAsync(["[suggest]", line])).Output.TrimEnd()).IsEqualTo(suggestion);

    [Test]
    public async Task It_suggests_threads_and_agents_of_a_server_that_runs()
    {
        using var folder = new TempFolder();
        var show = $"tinyvex show --db {folder["t.db"]} ";
        await Assert.That((await ServerProcess.RunAsync(["[suggest]", show])).Output).IsEqualTo("");
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--agent", "mine=node x"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("a-thread-of-mine", Wire.Chunk("Its title", "user_message_chunk"));

        await SuggestsAsync(show, "a-thread\tIts title\nlast\tthe newest thread\n");
        await SuggestsAsync($"tinyvex run --db {folder["t.db"]} --agent m", "mine\tmine\n");
        await client.AckedAsync("\"control\":\"tvx.update_thread\",\"threadId\":\"a-thread-of-mine\",\"updates\":{\"archived\":true}");
        await SuggestsAsync($"tinyvex archive --db {folder["t.db"]} --undo ", "a-thread\tIts title\nlast\tthe one archived last\n");

        // A shell is not kept waiting: on a busy machine the server may be asked in vain, and the next key asks again.
        static async Task SuggestsAsync(string line, string expected)
        {
            var deadline = Deadline.Token();
            while ((await ServerProcess.RunAsync(["[suggest]", line])).Output != expected) deadline.ThrowIfCancellationRequested();
        }
    }

    [Test]
    public async Task Bash_completes_with_the_script()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("needs bash");
        const string complete = """
            source <("$0" completions bash)
            COMP_LINE="$0 sta" COMP_POINT=$((${#0} + 4)) COMP_WORDS=("$0" sta) COMP_CWORD=1
            _tinyvex "$0" sta "$0"
            echo "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", complete, TestBinary.Path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await Assert.That((await bash.StandardOutput.ReadToEndAsync(Deadline.Token())).TrimEnd()).IsEqualTo("status");
        await Assert.That(await bash.StandardError.ReadToEndAsync(Deadline.Token())).IsEqualTo("");
    }
}
