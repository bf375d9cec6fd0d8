using Tinyvex.Guarding;

namespace Tinyvex.Tests.Guarding;

public class GuardOptionsTests
{
    [Test]
    public async Task What_follows_the_dashes_is_the_command()
    {
        var options = GuardOptions.Parse(["--parent", "12", "--grace-ms", "5", "--", "agent", "--parent", "x"], out var error)!;
        await Assert.That(error).IsNull();
        await Assert.That(string.Join(' ', options.Command)).IsEqualTo("agent --parent x");
        await Assert.That(options.ParentPid).IsEqualTo(12);
        await Assert.That(options.GraceMs).IsEqualTo(5);
    }

    [Test]
    [Arguments("", "no '--' before the command")]
    [Arguments("--", "no command after '--'")]
    [Arguments("agent", "bad argument 'agent'")]
    [Arguments("--parent -- agent", "bad argument '--parent'")]
    [Arguments("--parent 0 -- agent", "bad argument '--parent'")]
    [Arguments("--grace-ms 60001 -- agent", "bad argument '--grace-ms'")]
    [Arguments("--grace-ms", "bad argument '--grace-ms'")]
    public async Task Wrong_arguments_are_named(string line, string message)
    {
        var options = GuardOptions.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out var error);
        await Assert.That(options).IsNull();
        await Assert.That(error).IsEqualTo(message);
    }
}
