using System.Globalization;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Upkeep;

/// <summary>A conversation takes the room of its text, and not that of the pieces in which it came.</summary>
public class LogSizeTests
{
    [Test]
    public async Task Many_thousand_chunks_shrink_to_a_fraction_of_their_text_in_the_log_and_their_room_is_given_back()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--keep-raw", "0s"]);
        await using var client = await TestClient.ConnectAsync(server);
        for (var i = 0; i < 3; i++) await client.IngestAsync("t1", [.. Enumerable.Range(0, 10_000).Select(n => Wire.Chunk($"word{n % 1_000} "))]);
        var before = Number(folder["t.db"], "SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'acp_events*'");
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        await Deadline.UntilAsync(() => Number(folder["t.db"], "SELECT mergedTo > 0 FROM store") == 1, "the chunks are merged");

        var text = Number(folder["t.db"], "SELECT sum(textLen) FROM messages");
        var after = Number(folder["t.db"], "SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'acp_events*'");
        await Assert.That(before).IsGreaterThan(10 * text);
        await Assert.That(after).IsLessThan(text / 2);
        await Deadline.UntilAsync(() => Number(folder["t.db"], "PRAGMA freelist_count") <= 64, "free pages are given back");
        await Assert.That((await client.RowsAsync("events.list", "t1")).Sum(row => row.Number("merged"))).IsEqualTo(30_000);
    }

    private static long Number(string database, string sql) => long.Parse(OriginalFile.Select(database, sql), CultureInfo.InvariantCulture);
}
