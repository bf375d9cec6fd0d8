using System.Diagnostics;
using System.Globalization;
using Tinyvex.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storage;

public class FileIdentityTests
{
    [Test]
    public async Task It_is_what_the_system_says()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("on Windows nothing is asked");
        using var folder = new TempFolder();
        File.WriteAllText(folder["ä"], "");
        string[] format = OperatingSystem.IsMacOS() ? ["-f", "%d %i"] : ["-c", "%d %i"];
        using var stat = Process.Start(new ProcessStartInfo("stat", [.. format, folder["ä"]]) { RedirectStandardOutput = true })!;
        var said = (await stat.StandardOutput.ReadToEndAsync()).Trim();
        var identity = FileIdentity.Of(FileIdentity.Encode(folder["ä"]))!.Value;
        await Assert.That(string.Create(CultureInfo.InvariantCulture, $"{identity.Device} {identity.Number}")).IsEqualTo(said);
    }

    [Test]
    public async Task A_name_has_another_one_once_the_file_was_replaced_and_none_once_it_is_gone()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("on Windows nothing is asked");
        using var folder = new TempFolder();
        File.WriteAllText(folder["a"], "");
        File.WriteAllText(folder["b"], "");
        var name = FileIdentity.Encode(folder["a"]);
        var first = FileIdentity.Of(name);
        File.Move(folder["a"], folder["c"]);
        await Assert.That(FileIdentity.Of(name)).IsNull();
        File.Move(folder["b"], folder["a"]);
        await Assert.That(FileIdentity.Of(name)).IsNotEqualTo(first);
        File.Move(folder["c"], folder["a"], overwrite: true);
        await Assert.That(FileIdentity.Of(name)).IsEqualTo(first);
    }
}
