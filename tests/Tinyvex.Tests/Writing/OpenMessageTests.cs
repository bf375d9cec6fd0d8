using Tinyvex.Storage;
using Tinyvex.Tests.Support;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

/// <summary>When the row of a message that is being written is brought up to date.</summary>
public class OpenMessageTests
{
    [Test]
    public async Task Its_row_is_saved_at_growing_steps()
    {
        SQLitePCL.Batteries_V2.Init();
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        using var connection = store.Writer;
        connection.Execute("INSERT INTO messages(threadId, itemId, ord, kind, partial, seq, textLen, foldedTo, ts, createdAt, updatedAt) VALUES ('t', 'i', 1, 'message', 1, 0, 0, 0, 1, 1, 1)");
        var message = new OpenMessage { Identity = new MessageIdentity("t", "i", "message", null, 1) };
        var saves = new List<long>();
        var chunk = new byte[512];
        Array.Fill(chunk, (byte)'x');
        for (var i = 1; i <= 2_000; i++)
        {
            message.NextSeq();
            message.Append(chunk);
            message.Appended(i, connection, now: i);
            var saved = connection.Scalar("SELECT textLen FROM messages")!.Value;
            if (saved > 0 && saves.LastOrDefault() != saved) saves.Add(saved);
        }

        // Every 4 KiB at first, then each time a quarter has been added.
        await Assert.That(saves.Take(5)).IsEquivalentTo(Enumerable.Range(1, 5).Select(i => i * 4_096L));
        await Assert.That(saves.Skip(5).Zip(saves.Skip(4), (next, last) => next - last - (last / 4)).All(over => over is >= 0 and < 512)).IsTrue();
        await Assert.That(connection.Scalar("SELECT length(text) = textLen AND seq * 512 = textLen AND foldedTo = seq FROM messages")).IsEqualTo(1);
    }
}
