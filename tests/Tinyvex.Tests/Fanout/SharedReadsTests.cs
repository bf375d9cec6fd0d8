using Tinyvex.Fanout;
using Tinyvex.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Fanout;

/// <summary>What many ask for at once is read once, and what is kept of it has a bound.</summary>
public class SharedReadsTests
{
    private static async Task WithReadersAsync(Func<ReaderPool, Task> test)
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        using var writer = store.Writer;
        await test(store.Readers);
    }

    [Test]
    public Task Those_who_ask_while_it_is_read_get_the_one_result() => WithReadersAsync(async readers =>
    {
        var shared = new SharedReads<string, string>(readers, _ => 1, _ => false);
        using var mayEnd = new ManualResetEventSlim();
        var reads = 0;
        var all = Enumerable.Range(0, 100).Select(_ => shared.GetAsync("key", Read, CancellationToken.None).AsTask()).ToList();
        mayEnd.Set();

        var results = await Task.WhenAll(all);

        await Assert.That(reads).IsEqualTo(1);
        await Assert.That(results.Count(one => one.IsShared)).IsEqualTo(99);
        await shared.GetAsync("key", Read, CancellationToken.None);
        await Assert.That(reads).IsEqualTo(2).Because("what no longer holds is read again");

        string Read(StoreConnection store)
        {
            mayEnd.Wait(Deadline.Token());
            return $"{Interlocked.Increment(ref reads)}";
        }
    });

    [Test]
    public Task One_who_stops_waiting_does_not_end_it_for_the_others() => WithReadersAsync(async readers =>
    {
        var shared = new SharedReads<string, string>(readers, _ => 1, _ => true);
        using var mayEnd = new ManualResetEventSlim();
        using var impatient = new CancellationTokenSource();
        var first = shared.GetAsync("key", Read, impatient.Token).AsTask();
        var second = shared.GetAsync("key", Read, CancellationToken.None).AsTask();
        await impatient.CancelAsync();
        mayEnd.Set();

        await Assert.That(async () => await first).Throws<OperationCanceledException>();
        await Assert.That((await second).Result).IsEqualTo("read");

        string Read(StoreConnection store)
        {
            mayEnd.Wait(Deadline.Token());
            return "read";
        }
    });

    [Test]
    public Task A_failure_is_told_to_all_who_wait_and_not_kept() => WithReadersAsync(async readers =>
    {
        var shared = new SharedReads<string, string>(readers, _ => 1, _ => true);
        await Assert.That(async () => await shared.GetAsync("key", _ => throw new StoreFailure(1, "broken"), CancellationToken.None)).Throws<StoreFailure>();
        await Assert.That((await shared.GetAsync("key", _ => "mended", CancellationToken.None)).Result).IsEqualTo("mended");
    });

    [Test]
    public Task What_is_kept_has_a_bound_in_bytes_and_in_number() => WithReadersAsync(async readers =>
    {
        var large = new SharedReads<int, string>(readers, _ => 1024 * 1024, _ => true);
        var small = new SharedReads<int, string>(readers, _ => 1, _ => true);
        var (largeReads, smallReads) = (0, 0);
        for (var round = 0; round < 2; round++)
        {
            for (var key = 0; key < 20; key++) await large.GetAsync(key, _ => $"{largeReads++}", CancellationToken.None);
            for (var key = 0; key < 400; key++) await small.GetAsync(key, _ => $"{smallReads++}", CancellationToken.None);
        }

        // The oldest was let go each time before it was asked for again.
        await Assert.That(largeReads).IsEqualTo(40);
        await Assert.That(smallReads).IsEqualTo(800);
        await large.GetAsync(19, _ => $"{largeReads++}", CancellationToken.None);
        await Assert.That(largeReads).IsEqualTo(40).Because("the newest are kept");
    });
}
