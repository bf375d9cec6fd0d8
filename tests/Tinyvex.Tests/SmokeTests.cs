namespace Tinyvex.Tests;

public class SmokeTests
{
    [Test]
    public async Task Sqlite_answers_with_its_version()
    {
        SQLitePCL.Batteries_V2.Init();
        await Assert.That(SQLitePCL.raw.sqlite3_libversion().utf8_to_string()).StartsWith("3.");
    }
}
