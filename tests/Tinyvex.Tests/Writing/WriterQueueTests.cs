using Tinyvex.Tests.Support;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

/// <summary>The bound between those who write and the writer.</summary>
public class WriterQueueTests
{
    [Test]
    public async Task Producers_wait_while_it_is_full_and_keep_their_order()
    {
        var queue = new WriterQueue(maxBytes: 600);
        var waiting = new List<Task>();
        for (var i = 0; i < 10; i++) waiting.Add(queue.EnqueueAsync(Command(i)).AsTask());
        var accepted = waiting.Count(task => task.IsCompleted);

        var batch = new List<WriteCommand>();
        while (batch.Count < 10)
        {
            queue.Take(batch);
            queue.GiveBack();
            await Assert.That(batch.Count).IsGreaterThan(0);
        }

        await Task.WhenAll(waiting);
        // 256 bytes each: the third finds 512 and enters, the fourth waits.
        await Assert.That(accepted).IsEqualTo(3);
        await Assert.That(batch.Cast<FinalizeMessages>().Select(command => command.ThreadId).Order()).IsEquivalentTo(Enumerable.Range(0, 10).Select(i => $"{i}"));
    }

    [Test]
    public async Task One_larger_than_the_bound_enters_an_empty_queue()
    {
        var queue = new WriterQueue(maxBytes: 1);
        await Assert.That(queue.EnqueueAsync(Command(0)).AsTask().IsCompleted).IsTrue();
        await Assert.That(queue.EnqueueAsync(Command(1)).AsTask().IsCompleted).IsFalse();
    }

    [Test]
    public async Task A_closed_one_takes_no_more_but_gives_what_it_has()
    {
        var queue = new WriterQueue(maxBytes: 300);
        await queue.EnqueueAsync(Command(0));
        await queue.EnqueueAsync(Command(1));
        var late = queue.EnqueueAsync(Command(2)).AsTask();
        queue.Close();
        await Assert.That(async () => await late).Throws<TinyvexException>();
        await Assert.That(() => queue.EnqueueAsync(Command(3)).AsTask()).Throws<TinyvexException>();
        var batch = new List<WriteCommand>();
        await Assert.That(queue.Take(batch)).IsTrue();
        await Assert.That(batch.Count).IsEqualTo(2);
        batch.Clear();
        queue.GiveBack();
        await Assert.That(queue.Take(batch)).IsFalse();
    }

    [Test]
    public async Task It_has_one_reader_at_a_time()
    {
        var queue = new WriterQueue(maxBytes: 300);
        await Assert.That(queue.TryTakeOver()).IsTrue();
        await Assert.That(queue.TryTakeOver()).IsFalse();
        var batch = new List<WriteCommand>();
        await queue.EnqueueAsync(Command(0));
        var other = new Thread(() => queue.Take(batch));
        other.Start();
        await Deadline.UntilAsync(() => other.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin), "the other reader to wait");
        await Assert.That(batch.Count).IsEqualTo(0);

        queue.GiveBack();
        await Deadline.UntilAsync(() => !other.IsAlive, "the other reader");
        await Assert.That(batch.Count).IsEqualTo(1);
        await Assert.That(queue.TryTakeOver()).IsFalse();
    }

    [Test]
    public async Task It_is_taken_over_only_where_nothing_waits_and_never_once_it_is_closed()
    {
        var queue = new WriterQueue(maxBytes: 300);
        await queue.EnqueueAsync(Command(0));
        await Assert.That(queue.TryTakeOver()).IsFalse();
        queue.Take([]);
        queue.GiveBack();
        await Assert.That(queue.TryTakeOver()).IsTrue();
        queue.GiveBack();
        queue.Close();
        await Assert.That(queue.TryTakeOver()).IsFalse();
    }

    private static FinalizeMessages Command(int i) => new() { ThreadId = $"{i}" };
}
