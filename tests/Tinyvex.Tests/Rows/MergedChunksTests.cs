using Tinyvex.Rows;

namespace Tinyvex.Tests.Rows;

/// <summary>Where merged chunks ended: kept in a few bytes, and found again exactly.</summary>
public class MergedChunksTests
{
    private static List<(long Id, long TextLen)> Chunks(params (long Id, long Bytes)[] chunks)
    {
        var length = Start;
        return [.. chunks.Select(chunk => (chunk.Id, length += chunk.Bytes))];
    }

    private const long Start = 1_000;

    [Test]
    public async Task Every_place_cuts_between_the_chunks_it_lies_between()
    {
        var chunks = Chunks((10, 3), (11, 0), (15, 200_000), (16, 1), (4_000, 64), (4_001, 63));
        var boundaries = MergedChunks.Encode(chunks, Start);
        var (last, seq, textLen) = (chunks[^1].Id, 42L, chunks[^1].TextLen);
        for (var after = 8L; after <= last; after++)
        {
            for (var to = after; to <= last + 1; to += Math.Max(1, (last - to) / 3))
            {
                var within = chunks.FindAll(chunk => chunk.Id > after && chunk.Id <= to);
                var range = MergedChunks.Between(boundaries, last, seq, textLen, after, to);
                if (within.Count == 0)
                {
                    await Assert.That(range).IsNull();
                    continue;
                }

                var first = chunks.IndexOf(within[0]);
                await Assert.That(range).IsEqualTo(new ChunkRange(
                    within[^1].Id, seq - chunks.Count + 1 + first, seq - chunks.Count + first + within.Count, first == 0 ? Start : chunks[first - 1].TextLen, within[^1].TextLen));
            }
        }
    }

    [Test]
    public async Task A_short_chunk_that_follows_at_once_takes_one_byte()
    {
        var chunks = Chunks([.. Enumerable.Range(1, MergedChunks.Most).Select(id => ((long)id, 5L))]);
        await Assert.That(MergedChunks.Encode(chunks, Start).Length).IsEqualTo(MergedChunks.Most);
    }
}
