using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

/// <summary>On which thread a command is written: its sender's, where the writer has been idle, and else the writer's own.</summary>
public class WriterThreadTests
{
    [Test]
    public async Task A_lone_update_is_committed_and_answered_before_its_sender_goes_on()
    {
        var clock = new SteppedClock();
        await using var stage = Idle(clock);
        for (var i = 1; i <= 3; i++)
        {
            clock.Pass(TimeSpan.FromMilliseconds(2));
            var (sender, writer) = await SendAsync(stage, "x");
            await Assert.That(writer).IsEqualTo(sender);
            await Assert.That(stage.Select("SELECT seq FROM acp_events WHERE ord IS NOT NULL ORDER BY id DESC LIMIT 1")).IsEqualTo($"{i}");
        }
    }

    [Test]
    public async Task Updates_that_follow_at_once_are_left_to_the_writer_which_writes_them_in_groups()
    {
        var clock = new SteppedClock();
        await using var stage = Idle(clock);
        _ = await SendAsync(stage, "first");
        clock.Pass(TimeSpan.FromMicroseconds(900));
        var (sender, writer) = await SendAsync(stage, "second");
        await Assert.That(writer).IsNotEqualTo(sender);
    }

    [Test]
    public async Task What_may_take_long_is_left_to_the_writer()
    {
        var clock = new SteppedClock();
        await using var stage = Idle(clock);
        WriteCommand[] slow =
        [
            WriterStage.Ingest("t", null, WriterStage.Chunk(new string('x', 20_000))),
            WriterStage.Ingest("t", null, WriterStage.Chunk("a"), WriterStage.Chunk("b")),
            new FinalizeMessages { ThreadId = "t" },
            new DeleteThread { ThreadId = "t" },
        ];
        await Assert.That(slow.Where(command => command.IsQuick)).IsEmpty();

        var (sender, writer) = await SendAsync(stage, new string('x', 20_000));
        await Assert.That(writer).IsNotEqualTo(sender);
    }

    [Test]
    public async Task One_that_fails_is_told_to_its_sender_and_the_writer_goes_on()
    {
        var clock = new SteppedClock();
        await using var stage = new WriterStage(
            connection => connection.Execute("""
                CREATE TEMP TRIGGER guilty BEFORE INSERT ON main.acp_events WHEN NEW.raw_json GLOB '*guilty*' BEGIN SELECT RAISE(ABORT, 'not this one'); END
                """),
            clock);
        stage.Start();
        WriteOutcome? outcome = null;
        await stage.Writer.EnqueueOrWriteAsync(WriterStage.Ingest("t", done => outcome = done, WriterStage.Chunk("guilty")));
        await Assert.That(outcome!.Error!.Code).IsEqualTo(ErrorCode.StoreError);

        await Assert.That((await stage.IngestAsync("t", WriterStage.Chunk("good"))).Error).IsNull();
        await Assert.That(stage.Select("SELECT count(*) FROM acp_events WHERE raw_json IS NOT NULL")).IsEqualTo("1");
    }

    [Test]
    public async Task Senders_that_write_themselves_and_the_writer_take_turns()
    {
        var clock = new SteppedClock { PassesAtEveryLook = TimeSpan.FromMilliseconds(1) };
        await using var stage = Idle(clock);
        const int each = 200;
        var own = 0;
        var senders = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                var (sender, writer) = await SendAsync(stage, "x");
                if (sender == writer) Interlocked.Increment(ref own);
            }
        }));
        await Task.WhenAll(senders);

        await Assert.That(own).IsGreaterThan(0);
        await Assert.That(stage.Select("SELECT count(*), count(DISTINCT seq), max(seq) FROM acp_events WHERE ord IS NOT NULL"))
            .IsEqualTo($"{4 * each}|{4 * each}|{4 * each}");
    }

    /// <summary>A writer that has had nothing to do since long ago.</summary>
    private static WriterStage Idle(TimeProvider clock)
    {
        var stage = new WriterStage(time: clock);
        stage.Start();
        return stage;
    }

    private static async Task<(int Sender, int Writer)> SendAsync(WriterStage stage, string text)
    {
        var answered = new TaskCompletionSource<int>();
        var sender = Environment.CurrentManagedThreadId;
        await stage.Writer.EnqueueOrWriteAsync(
            WriterStage.Ingest("t", _ => answered.SetResult(Environment.CurrentManagedThreadId), WriterStage.Chunk(text)));
        return (sender, await answered.Task);
    }

    /// <summary>A clock that stands still between the looks at it.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerHour;

        public TimeSpan PassesAtEveryLook { get; init; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, PassesAtEveryLook.Ticks);

        public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
