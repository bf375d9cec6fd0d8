namespace Tinyvex.Tests.Writing;

/// <summary>What a server that was killed left open, when the next one opens the store.</summary>
public class RecoveryTests
{
    [Test]
    [Arguments(1)]
    [Arguments(30)]
    [Arguments(3_000)]
    public async Task An_open_message_becomes_final_with_all_that_was_committed(int chunks)
    {
        await using var stage = new WriterStage();
        stage.Start();
        for (var i = 0; i < chunks; i++) await stage.Writer.EnqueueAsync(WriterStage.Ingest("t", null, WriterStage.Chunk($"ä{i} ")));
        await stage.IngestAsync("t", """{"sessionUpdate":"agent_message_chunk","content":{"type":"image","data":"AA==","mimeType":"image/png"}}""", WriterStage.Chunk("end"));
        var itemId = stage.Select("SELECT itemId FROM messages");

        await stage.ReopenAsync();
        await stage.RecoverAsync();

        var text = string.Concat(Enumerable.Range(0, chunks).Select(i => $"ä{i} ")) + "end";
        var bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        await Assert.That(stage.Select("SELECT itemId, partial, seq, textLen, length(CAST(text AS BLOB)) FROM messages"))
            .IsEqualTo($"{itemId}|0|{chunks + 2}|{bytes}|{bytes}");
        await Assert.That(stage.Select("SELECT text FROM messages")).IsEqualTo(text);
        await Assert.That(stage.Select("SELECT blocks_json FROM messages")).Contains($"\"at\":{bytes - 3},");
    }

    [Test]
    public async Task A_message_goes_on_where_it_was_when_nobody_closed_it()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("one ", messageId: "m"));
        await stage.ReopenAsync();
        await stage.IngestAsync("t", WriterStage.Chunk("two", messageId: "m"));
        await stage.RecoverAsync();
        await Assert.That(stage.Select("SELECT text, seq, textLen FROM messages")).IsEqualTo("one two|2|7");
    }

    [Test]
    public async Task Runs_fail_and_pending_permissions_are_cancelled()
    {
        await using var stage = new WriterStage();
        stage.Start();
        var running = await stage.SubmitAsync(null);
        var threadId = stage.Select("SELECT threadId FROM runs");
        await stage.StartRunAsync(running);
        await stage.AskAsync(threadId, running);
        await stage.SubmitAsync(threadId, "Later");

        await stage.ReopenAsync();
        await stage.RecoverAsync();

        await Assert.That(stage.Select("SELECT status, error_json IS NOT NULL, finishedAt IS NOT NULL FROM runs")).IsEqualTo("failed|1|1\nfailed|1|1");
        await Assert.That(stage.Select("SELECT status, outcome_json FROM permissions")).IsEqualTo("""cancelled|{"outcome":"cancelled"}""");
        await Assert.That(stage.Select("SELECT count(*) FROM messages WHERE partial = 1")).IsEqualTo("0");
    }

    [Test]
    public async Task Recovering_twice_changes_nothing_more()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("x"));
        await stage.ReopenAsync();
        await stage.RecoverAsync();
        var events = stage.Select("SELECT count(*) FROM acp_events");
        await stage.ReopenAsync();
        await stage.RecoverAsync();
        await Assert.That(stage.Select("SELECT count(*) FROM acp_events")).IsEqualTo(events);
    }
}
