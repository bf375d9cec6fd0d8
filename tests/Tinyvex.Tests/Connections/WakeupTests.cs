using Tinyvex.Connections;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Connections;

/// <summary>The signal between whoever has something to send and the loop that sends it.</summary>
public class WakeupTests
{
    [Test]
    public async Task A_waiter_goes_on_on_the_thread_that_lends_itself_and_else_on_the_pool()
    {
        var wakeup = new Wakeup();
        foreach (var here in (bool[])[true, false, true])
        {
            var waiter = WaitAsync(wakeup);
            var (lender, before) = await OnThreadAsync(() =>
            {
                wakeup.Set(here);
                return waiter.IsCompleted;
            });
            var (thread, borrowed) = await waiter.WaitAsync(Deadline.Long);

            await Assert.That(borrowed).IsEqualTo(here);
            await Assert.That(thread == lender).IsEqualTo(here);
            if (here) await Assert.That(before).IsTrue();
        }
    }

    [Test]
    public async Task A_signal_before_the_wait_ends_it_and_many_end_one()
    {
        var wakeup = new Wakeup();
        wakeup.Set(here: true);
        wakeup.Set();

        await Assert.That(await wakeup.WaitAsync()).IsFalse();
        await Assert.That(WaitAsync(wakeup).IsCompleted).IsFalse();
    }

    [Test]
    public async Task A_waiter_that_waits_again_on_the_borrowed_thread_is_woken_again()
    {
        var wakeup = new Wakeup();
        var rounds = 0;
        var waiting = WaitOnAsync();
        for (var i = 1; i <= 200; i++)
        {
            wakeup.Set(here: i % 2 == 0);
            await Deadline.UntilAsync(() => Volatile.Read(ref rounds) >= i, "the waiter went on");
        }

        await waiting;

        async Task WaitOnAsync()
        {
            while (rounds < 200)
            {
                await wakeup.WaitAsync();
                Interlocked.Increment(ref rounds);
            }
        }
    }

    private static async Task<(int Thread, bool Borrowed)> WaitAsync(Wakeup wakeup)
    {
        var borrowed = await wakeup.WaitAsync();
        return (Environment.CurrentManagedThreadId, borrowed);
    }

    private static async Task<(int Thread, T Result)> OnThreadAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<(int, T)>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => done.SetResult((Environment.CurrentManagedThreadId, work()))).Start();
        return await done.Task;
    }
}
