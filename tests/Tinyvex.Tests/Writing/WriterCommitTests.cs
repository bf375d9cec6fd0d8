using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

/// <summary>Transactions: what is in one, what one costs, and what is left of one that fails.</summary>
public class WriterCommitTests
{
    [Test]
    public async Task What_has_queued_is_one_commit()
    {
        await using var stage = new WriterStage();
        var writes = Enumerable.Range(0, 100).Select(i => stage.IngestAsync("t", WriterStage.Chunk($"{i} "))).ToArray();
        stage.Start();
        var outcomes = await Task.WhenAll(writes);
        await Assert.That(stage.Commits.Count).IsEqualTo(1);
        await Assert.That(outcomes.Select(outcome => outcome.Position).Distinct().Count()).IsEqualTo(100);
    }

    [Test]
    public async Task A_command_that_is_refused_leaves_the_others_of_its_batch()
    {
        await using var stage = new WriterStage();
        var before = stage.IngestAsync("t", WriterStage.Chunk("a"));
        var refused = stage.Writer.WriteAsync(done => new DeleteThread { ThreadId = "nowhere", Completed = done });
        var after = stage.IngestAsync("t", WriterStage.Chunk("b"));
        stage.Start();
        await Assert.That((await refused).Error!.Code).IsEqualTo(ErrorCode.NotFound);
        await Assert.That((await before).Error).IsNull();
        await Assert.That((await after).Error).IsNull();
        await Assert.That(stage.Commits.Count).IsEqualTo(1);
    }

    [Test]
    public async Task A_command_that_fails_after_it_has_written_fails_alone()
    {
        // SQLite refuses this one tool call, when its update has written half already.
        await using var stage = new WriterStage(connection => connection.Execute("""
            CREATE TEMP TRIGGER guilty BEFORE INSERT ON main.acp_tool_calls WHEN NEW.toolCallId = 'bad' BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """));
        var before = stage.IngestAsync("t", WriterStage.Chunk("a"));
        var guilty = stage.IngestAsync("t", WriterStage.Chunk("never seen"), WriterStage.Tool("bad"));
        var after = stage.IngestAsync("t", WriterStage.Chunk("b"));
        stage.Start();

        await Assert.That((await guilty).Error!.Code).IsEqualTo(ErrorCode.StoreError);
        await Assert.That((await before).Error).IsNull();
        await Assert.That((await after).Error).IsNull();
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });
        await Assert.That(stage.Select("SELECT text, seq, textLen FROM messages")).IsEqualTo("ab|2|2");
        await Assert.That(stage.Select("SELECT max(id) - count(*) FROM acp_events")).IsEqualTo("0");
        await Assert.That(stage.Published.Select(change => change.Position)).IsEquivalentTo(stage.Published.Select(change => change.Position).Distinct());
        await Assert.That(stage.Published.OfType<ToolCallChanged>()).IsEmpty();
        await Assert.That(stage.Writer.Trouble).IsNull();
    }

    [Test]
    public async Task An_update_without_a_fault_after_one_with_it_is_all_or_nothing()
    {
        await using var stage = new WriterStage(connection => connection.Execute("""
            CREATE TEMP TRIGGER guilty BEFORE INSERT ON main.acp_tool_calls BEGIN SELECT RAISE(ABORT, 'none at all'); END
            """));
        stage.Start();
        var outcome = await stage.IngestAsync("new", WriterStage.Chunk("a"), WriterStage.Tool("x"));
        await Assert.That(outcome.Error!.Code).IsEqualTo(ErrorCode.StoreError);
        await Assert.That(stage.Select("SELECT (SELECT count(*) FROM threads) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM acp_events)")).IsEqualTo("0");
        await Assert.That(stage.Published).IsEmpty();
    }

    [Test]
    public async Task A_repeated_key_gets_the_first_answer_also_after_a_restart()
    {
        await using var stage = new WriterStage();
        stage.Start();
        var key = new IdempotencyKey("k", "tvx.ingest", [1, 2, 3], outcome => System.Text.Encoding.UTF8.GetBytes($"{{\"at\":{outcome.Position}}}"));
        Task<WriteOutcome> Send(IdempotencyKey with) => stage.Writer.WriteAsync(done =>
            new IngestUpdates { ThreadId = "t", Key = with, Updates = [WriterStage.Update(WriterStage.Chunk("once"))], Completed = done });
        await Send(key);
        var again = await Send(key);
        await stage.ReopenAsync();
        var afterRestart = await Send(key);
        var other = await Send(key with { PayloadHash = [9] });
        await Assert.That(again.FirstReply).IsNotNull();
        await Assert.That(afterRestart.FirstReply).IsEquivalentTo(again.FirstReply!);
        await Assert.That(other.Error!.Code).IsEqualTo(ErrorCode.Conflict);
        await Assert.That(stage.Select("SELECT count(*) FROM acp_events WHERE raw_json IS NOT NULL")).IsEqualTo("1");
    }

    [Test]
    public async Task The_text_of_a_long_message_is_written_in_growing_steps()
    {
        await using var stage = new WriterStage(connection => connection.Execute("""
            CREATE TEMP TABLE steps(length INTEGER);
            CREATE TEMP TRIGGER count_steps AFTER UPDATE ON main.messages BEGIN INSERT INTO steps VALUES (length(NEW.text)); END
            """));
        stage.Start();
        const int chunks = 5_000;
        var text = new string('x', 100);
        for (var i = 0; i < chunks; i++) await stage.Writer.EnqueueAsync(WriterStage.Ingest("t", null, WriterStage.Chunk(text)));
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });
        var steps = 0L;
        var written = 0L;
        await stage.InspectAsync(connection => (steps, written) =
            (connection.Scalar("SELECT count(*) FROM steps")!.Value, connection.Scalar("SELECT sum(length) FROM steps")!.Value));

        // Ten times its own length in all, where rewriting it at each chunk would write it 2,500 times over.
        await Assert.That(written).IsLessThanOrEqualTo(10L * chunks * text.Length);
        await Assert.That(steps).IsLessThan(60);
        await Assert.That(stage.Select("SELECT textLen, length(text), seq FROM messages")).IsEqualTo("500000|500000|5000");
    }
}
