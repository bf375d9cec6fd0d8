using Tinyvex.Agents;

namespace Tinyvex.Tests.Agents;

public class CommandLineTests
{
    [Test]
    [Arguments("codex-acp", "codex-acp")]
    [Arguments("  npx   -y  pkg\t--flag ", "npx|-y|pkg|--flag")]
    [Arguments("a 'b c' \"d e\"", "a|b c|d e")]
    [Arguments("a '' \"\"", "a||")]
    [Arguments("--x='a b'c", "--x=a bc")]
    [Arguments("'$HOME' \"$(rm -rf /)\" *", "$HOME|$(rm -rf /)|*")]
    [Arguments("a\\ b \\\"c\\' \\\\", "a b|\"c'|\\")]
    [Arguments("\"say \\\"hi\\\" \\\\ \\n\"", "say \"hi\" \\ \\n")]
    [Arguments("'back\\slash'", "back\\slash")]
    [Arguments("C:\\tools\\agent.exe --dir C:\\x", "C:\\tools\\agent.exe|--dir|C:\\x")]
    [Arguments("end\\", "end\\")]
    public async Task It_is_split_by_its_quotes(string command, string words) =>
        await Assert.That(string.Join('|', CommandLine.Split(command))).IsEqualTo(words);

    [Test]
    [Arguments("")]
    [Arguments("   ")]
    [Arguments("a 'b")]
    [Arguments("a \"b")]
    [Arguments("\"a\\\"")]
    public async Task What_cannot_be_split_is_refused(string command) => await Assert.That(() => CommandLine.Split(command)).Throws<FormatException>();
}
