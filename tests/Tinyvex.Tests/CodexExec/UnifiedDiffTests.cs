using Tinyvex.CodexExec;

namespace Tinyvex.Tests.CodexExec;

public class UnifiedDiffTests
{
    [Test]
    [Arguments("@@ -1,2 +1,2 @@\n-alpha\n+beta\n two\n", "beta\ntwo\nthree\n", "alpha\ntwo\nthree\n")]
    [Arguments("@@ -1 +1,2 @@\n one\n+two\n@@ -3,2 +4 @@\n-x\n y\n", "one\ntwo\nthree\ny\n", "one\nthree\nx\ny\n")]
    [Arguments("@@ -2 +1,0 @@\n-gone\n", "one\n", "one\ngone\n")]
    [Arguments("@@ -1 +1 @@\n-old\n+new\n\\ No newline at end of file\n", "new", "old\n")]
    public async Task The_file_before_is_the_file_now_without_the_change(string diff, string now, string before) =>
        await Assert.That(UnifiedDiff.Texts(diff, now)).IsEqualTo((before, now));

    [Test]
    public async Task Where_the_file_is_another_by_now_the_changed_parts_are_shown()
    {
        const string diff = "@@ -1,2 +1,2 @@\n-alpha\n+beta\n two\n@@ -9 +9 @@\n-x\n+y\n";
        await Assert.That(UnifiedDiff.Texts(diff, "quite\nother\n")).IsEqualTo(("alpha\ntwo\nx\n", "beta\ntwo\ny\n"));
        await Assert.That(UnifiedDiff.Texts(diff, null)).IsEqualTo(("alpha\ntwo\nx\n", "beta\ntwo\ny\n"));
    }
}
