using Tinyvex.Tests.Support;
using Tinyvex.TextFiles;

namespace Tinyvex.Tests.TextFiles;

/// <summary>Where a path leads.</summary>
public class RealPathTests
{
    [Test]
    public async Task Links_are_followed_wherever_they_stand()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["in/sub"]);
        Directory.CreateDirectory(folder["out"]);
        Directory.CreateSymbolicLink(folder["in/link"], folder["out"]);
        Directory.CreateSymbolicLink(folder["in/near"], "../out");
        File.CreateSymbolicLink(folder["in/chain"], "link/file");
        var real = RealPath.Find(folder.Path)!;

        await Assert.That(RealPath.Find(folder["in/link/file"])).IsEqualTo(Path.Join(real, "out", "file"));
        await Assert.That(RealPath.Find(folder["in/near/file"])).IsEqualTo(Path.Join(real, "out", "file"));
        await Assert.That(RealPath.Find(folder["in/chain"])).IsEqualTo(Path.Join(real, "out", "file"));
        await Assert.That(RealPath.Find(folder["in/./sub//"])).IsEqualTo(Path.Join(real, "in", "sub"));
    }

    [Test]
    public async Task Up_from_a_link_is_up_from_its_target()
    {
        Skip.When(OperatingSystem.IsWindows(), "Windows takes '..' out of the text first");
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["in"]);
        Directory.CreateDirectory(folder["out/deep"]);
        Directory.CreateSymbolicLink(folder["in/link"], folder["out/deep"]);
        var real = RealPath.Find(folder.Path)!;

        await Assert.That(RealPath.Find(folder["in/link/../secret"])).IsEqualTo(Path.Join(real, "out", "secret"));
        await Assert.That(RealPath.Find(folder["in/../../../../../../../../../../etc"])).IsEqualTo("/etc");
    }

    [Test]
    public async Task What_is_missing_is_where_it_would_be_made()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["in"]);
        File.CreateSymbolicLink(folder["in/dangling"], folder["out/new"]);
        var real = RealPath.Find(folder.Path)!;

        await Assert.That(RealPath.Find(folder["in/a/b"])).IsEqualTo(Path.Join(real, "in", "a", "b"));
        await Assert.That(RealPath.Find(folder["in/dangling"])).IsEqualTo(Path.Join(real, "out", "new"));
    }

    [Test]
    public async Task Where_nobody_can_say_there_is_none()
    {
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder["a"], folder["b"]);
        Directory.CreateSymbolicLink(folder["b"], folder["a"]);

        await Assert.That(RealPath.Find(folder["a/x"])).IsNull();
        await Assert.That(RealPath.Find("relative/x")).IsNull();
        await Assert.That(RealPath.Find("")).IsNull();
        await Assert.That(RealPath.Find(folder.Path + "/nul\0")).IsNull();
        if (!OperatingSystem.IsWindows()) await Assert.That(RealPath.Find(folder["missing/../x"])).IsNull();
    }

    [Test]
    [Arguments("/srv/project", true)]
    [Arguments("/srv/project/", true)]
    [Arguments("/srv/project/a/b", true)]
    [Arguments("/srv/project2", false)]
    [Arguments("/work", false)]
    [Arguments("/WORK/project/a", false)]
    public async Task A_directory_holds_what_is_below_it_and_no_more(string path, bool within)
    {
        Skip.When(OperatingSystem.IsWindows(), "paths of Unix");
        await Assert.That(RealPath.IsWithin(path, "/srv/project")).IsEqualTo(within);
        await Assert.That(RealPath.IsWithin(path, "/srv/project/")).IsEqualTo(within && path != "/srv/project" || path == "/srv/project");
        await Assert.That(RealPath.IsWithin(path, "/")).IsTrue();
    }
}
