using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

/// <summary>What is not committed is not visible to anyone.</summary>
public class StoreFirstTests
{
    [Test]
    public async Task A_change_is_published_only_after_its_commit()
    {
        await using var stage = new WriterStage();
        var early = new List<long>();
        stage.OnPublish = changes =>
        {
            // Another connection sees what is committed, and nothing else.
            var committed = long.Parse(stage.Select("SELECT coalesce(max(id), 0) FROM acp_events"), System.Globalization.CultureInfo.InvariantCulture);
            early.AddRange(changes.Select(change => change.Position).Where(position => position > committed));
        };
        stage.Start();

        for (var i = 0; i < 20; i++) await stage.IngestAsync("t", WriterStage.Chunk("text"), WriterStage.Tool($"call-{i}"));

        await Assert.That(stage.Published.Count).IsGreaterThan(60);
        await Assert.That(early).IsEmpty();
    }

    [Test]
    public async Task A_write_that_is_refused_publishes_nothing_and_leaves_no_event()
    {
        await using var stage = new WriterStage();
        stage.Start();

        var refused = await stage.Writer.WriteAsync(done => new UpdateThread { ThreadId = "nowhere", Title = new Setting("x"), Completed = done });

        await Assert.That(refused.Error!.Code).IsEqualTo(ErrorCode.NotFound);
        await Assert.That(stage.Published).IsEmpty();
        await Assert.That(stage.Select("SELECT count(*) FROM acp_events")).IsEqualTo("0");
    }

    [Test]
    public async Task Nothing_is_taken_behind_the_last_command()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("open"));
        var closed = new TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);

        stage.Writer.EndWith(new CloseOpenWork { RunStatus = "cancelled", Reason = "the server was stopped", Completed = closed.SetResult });

        await Assert.That(async () => await stage.IngestAsync("t", WriterStage.Chunk("late"))).Throws<TinyvexException>();
        await Assert.That((await closed.Task).Error).IsNull();
        await Assert.That(stage.Select("SELECT text, partial FROM messages")).IsEqualTo("open|0");
    }
}
