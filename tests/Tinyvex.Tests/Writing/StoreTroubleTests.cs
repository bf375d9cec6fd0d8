using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

/// <summary>The writer while another program holds the database, which is the simplest of the troubles to make and to end.</summary>
public class StoreTroubleTests
{
    [Test]
    public async Task What_a_session_says_is_kept_in_its_order_and_written_without_another_write()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("0 "));
        using var locked = Lock(stage);
        var kept = Enumerable.Range(1, 5_000).Select(i => OfAgentAsync(stage, $"{i} ")).ToList();
        var refused = await stage.IngestAsync("other", WriterStage.Chunk("never"));
        // From here on the trouble is known: what a session brings waits before the queue, and a client is answered at once.
        var late = OfAgentAsync(stage, "5001 ");
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++) await Assert.That((await stage.IngestAsync("other", WriterStage.Chunk("never"))).Error!.Code).IsEqualTo(ErrorCode.StoreError);

        await Assert.That(watch.Elapsed).IsLessThan(TimeSpan.FromSeconds(3));
        await Assert.That(refused.Error!.Message).IsEqualTo("the database is locked by another program: close that program; then send it again");
        await Assert.That(stage.Writer.Trouble).IsEqualTo("the database is locked by another program: close that program");
        await Assert.That(kept.Any(write => write.IsCompleted) || late.IsCompleted).IsFalse();

        locked.Dispose();
        await Deadline.UntilAsync(() => stage.Writer.Trouble is null, "it is found out that the lock is gone");
        foreach (var outcome in await Task.WhenAll([.. kept, late])) await Assert.That(outcome.Error).IsNull();
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });
        await Assert.That(stage.Select("SELECT text FROM messages")).IsEqualTo(string.Concat(Enumerable.Range(0, 5_002).Select(i => $"{i} ")));
        await Assert.That(stage.Select("SELECT count(*) FROM epochs WHERE epoch < 0")).IsEqualTo("0");
    }

    [Test]
    public async Task Sessions_bring_no_more_than_the_queue_holds_when_the_trouble_begins()
    {
        const int bound = 64 * 1024;
        const int updates = 1_000;
        var text = new string('x', 1024);
        await using var stage = new WriterStage(maxQueueBytes: bound);
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("0"));
        using var locked = Lock(stage);
        var first = stage.IngestAsync("other", WriterStage.Chunk("never"));
        var entered = 0;
        var feeding = Task.Run(async () =>
        {
            for (; entered < updates; entered++) await stage.Writer.EnqueueAsync(OfAgent(text, null));
        });
        await first;
        // A client is answered though a session waits; what was kept has left the queue once.
        await Assert.That((await stage.IngestAsync("other", WriterStage.Chunk("never"))).Error!.Code).IsEqualTo(ErrorCode.StoreError);
        await Assert.That(entered).IsLessThanOrEqualTo((2 * bound / text.Length) + 2);

        locked.Dispose();
        await feeding;
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });
        await Assert.That(stage.Select("SELECT textLen FROM messages")).IsEqualTo($"{1 + (updates * text.Length)}");
    }

    [Test]
    public async Task A_sender_is_not_held_up_where_the_store_is_locked()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("a"));
        using var locked = Lock(stage);
        await Task.Delay(20);
        var watch = Stopwatch.StartNew();
        await stage.Writer.EnqueueOrWriteAsync(WriterStage.Ingest("t", null, WriterStage.Chunk("b")));
        await Assert.That(watch.Elapsed).IsLessThan(TimeSpan.FromSeconds(2));
        await Assert.That(stage.Writer.Trouble).IsNull();
        locked.Dispose();
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });
        await Assert.That(stage.Select("SELECT text FROM messages")).IsEqualTo("ab");
    }

    [Test]
    public async Task What_is_kept_is_refused_at_the_end()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("0"));
        using var locked = Lock(stage);
        var kept = OfAgentAsync(stage, "kept");
        await Deadline.UntilAsync(() => stage.Writer.Trouble is not null, "the trouble is known");
        var late = OfAgentAsync(stage, "late");
        stage.Writer.StopKeeping();
        await Assert.That((await kept).Error!.Code).IsEqualTo(ErrorCode.StoreError);
        await Assert.That((await late).Error!.Code).IsEqualTo(ErrorCode.StoreError);
    }

    [Test]
    public async Task A_file_that_is_away_for_a_while_costs_only_the_writes_meanwhile()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("a"));
        File.Move(stage.Path + "-wal", stage.Path + "-away");
        await Assert.That((await stage.IngestAsync("t", WriterStage.Chunk("b"))).Error!.Code).IsEqualTo(ErrorCode.StoreError);
        File.Move(stage.Path + "-away", stage.Path + "-wal");
        await Deadline.UntilAsync(() => stage.Writer.Trouble is null, "the file is back");
        await Assert.That((await stage.IngestAsync("t", WriterStage.Chunk("c"))).Error).IsNull();
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });
        await Assert.That(stage.Select("SELECT text FROM messages")).IsEqualTo("ac");
    }

    [Test]
    [Arguments(Durability.Normal, 1)]
    [Arguments(Durability.Full, 2)]
    public async Task Full_durability_waits_for_the_disk_at_every_commit(Durability durability, int synchronous)
    {
        await using var stage = new WriterStage(durability: durability);
        stage.Start();
        long? pragma = null;
        await stage.InspectAsync(connection => pragma = connection.Scalar("PRAGMA synchronous"));
        await Assert.That(pragma).IsEqualTo(synchronous);
    }

    [Test]
    public async Task With_full_durability_no_sender_waits_for_the_disk()
    {
        await using var stage = new WriterStage(durability: Durability.Full);
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("a"));
        await Task.Delay(20);
        var thread = "";
        await stage.Writer.EnqueueOrWriteAsync(WriterStage.Ingest("t", _ => thread = Thread.CurrentThread.Name ?? "", WriterStage.Chunk("b")));
        await Deadline.UntilAsync(() => thread == "tinyvex writer", "it is written on the writer's thread");
    }

    private static SqliteConnection Lock(WriterStage stage)
    {
        var connection = OriginalFile.Open(stage.Path, SqliteOpenMode.ReadWrite);
        OriginalFile.Execute(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    private static IngestUpdates OfAgent(string text, Action<WriteOutcome>? done) =>
        new() { ThreadId = "t", IsOfAgent = true, Updates = [WriterStage.Update(WriterStage.Chunk(text))], Completed = done };

    private static Task<WriteOutcome> OfAgentAsync(WriterStage stage, string text) => stage.Writer.WriteAsync(done => OfAgent(text, done));
}
