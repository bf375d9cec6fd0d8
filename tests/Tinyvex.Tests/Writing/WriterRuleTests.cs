using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

/// <summary>How updates become rows (docs/protocol.md, "Writer rules").</summary>
public class WriterRuleTests
{
    private const string Timeline = """
        SELECT kind || ':' || coalesce(role, '-') || ':' || text || ':' || partial || ':' || seq, ord FROM messages WHERE threadId = 't'
        UNION ALL SELECT toolCallId || ':' || status, ord FROM acp_tool_calls WHERE threadId = 't' ORDER BY 2
        """;

    [Test]
    public async Task Reasoning_text_and_tool_calls_interleave_as_they_happened()
    {
        await using var stage = Started();
        await stage.IngestAsync(
            "t", WriterStage.Chunk("a", "agent_thought_chunk"), WriterStage.Chunk("b", "agent_thought_chunk"), WriterStage.Chunk("c"),
            WriterStage.Tool("x"), WriterStage.Chunk("d"), """{"sessionUpdate":"tool_call_update","toolCallId":"x","status":"completed"}""",
            WriterStage.Chunk("e"), WriterStage.Chunk("f", "user_message_chunk"), WriterStage.Chunk("g"));
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });

        await Assert.That(stage.Select(Timeline)).IsEqualTo("""
            reason:-:ab:0:2|1
            message:assistant:c:0:1|2
            x:completed|3
            message:assistant:de:0:2|4
            message:user:f:0:1|5
            message:assistant:g:0:1|6
            """);
    }

    [Test]
    public async Task Equal_texts_are_two_messages_and_a_new_message_id_begins_another()
    {
        await using var stage = Started();
        await stage.IngestAsync("t", WriterStage.Chunk("same", messageId: "m1"), WriterStage.Chunk("same", messageId: "m2"), WriterStage.Chunk("!"));
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });
        await Assert.That(stage.Select(Timeline)).IsEqualTo("message:assistant:same:0:1|1\nmessage:assistant:same!:0:2|2");
        await Assert.That(stage.Select("SELECT count(DISTINCT itemId) FROM messages")).IsEqualTo("2");
    }

    [Test]
    public async Task A_final_message_never_changes_again()
    {
        await using var stage = Started();
        await stage.IngestAsync("t", WriterStage.Chunk("one"));
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Completed = done });
        await stage.IngestAsync("t", WriterStage.Chunk("two"));
        await stage.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "t", Kind = "reason", Completed = done });
        await Assert.That(stage.Select("SELECT text, partial FROM messages ORDER BY ord LIMIT 1")).IsEqualTo("one|0");
        await Assert.That(stage.Select("SELECT partial FROM messages ORDER BY ord DESC LIMIT 1")).IsEqualTo("1");
    }

    [Test]
    public async Task A_tool_call_update_merges_and_null_means_unchanged()
    {
        await using var stage = Started();
        await stage.IngestAsync(
            "t",
            WriterStage.Tool("x", "\"title\":\"Read\",\"kind\":\"read\",\"content\":[1],\"locations\":[{\"path\":\"/a\"}],\"rawInput\":{\"a\":1}"),
            """{"sessionUpdate":"tool_call_update","toolCallId":"x","title":null,"content":[2,3],"status":"in_progress","rawOutput":"out"}""");
        await Assert.That(stage.Select("SELECT title, kind, status, content_json, locations_json, rawInput_json, rawOutput_json FROM acp_tool_calls"))
            .IsEqualTo("""Read|read|in_progress|[2,3]|[{"path":"/a"}]|{"a":1}|"out" """.TrimEnd());
    }

    [Test]
    public async Task Every_update_is_in_the_log_as_it_came()
    {
        await using var stage = Started();
        string[] updates =
        [
            """{"sessionUpdate":"from_the_future","x":[1, 2]}""", """{"sessionUpdate":"plan","entries":[ ]}""",
            """{"sessionUpdate":"current_mode_update","currentModeId":"code"}""", """{ "sessionUpdate":"agent_message_chunk", "content":{"type":"image","data":"AA==","mimeType":"image/png"},"_meta":{"k":1}}""",
        ];
        await stage.IngestAsync("t", updates);
        await Assert.That(stage.Select("SELECT raw_json FROM acp_events WHERE raw_json IS NOT NULL ORDER BY id")).IsEqualTo(string.Join('\n', updates));
        await Assert.That(stage.Select("SELECT currentModeId FROM acp_state")).IsEqualTo("code");
        await Assert.That(stage.Select("SELECT entries_json FROM acp_plan")).IsEqualTo("[ ]");
    }

    [Test]
    public async Task Counts_are_kept_and_titles_follow_their_rank()
    {
        await using var stage = Started();
        await stage.IngestAsync("t", WriterStage.Chunk("Fix   the " + new string('é', 200), "user_message_chunk"), WriterStage.Chunk("ok"));
        await Assert.That(stage.Select("SELECT messageCount, length(title), lastMessageTs = (SELECT max(ts) FROM messages) FROM threads")).IsEqualTo("2|80|1");
        await stage.IngestAsync("t", """{"sessionUpdate":"session_info_update","title":"By agent"}""");
        await Assert.That(stage.Select("SELECT title FROM threads")).IsEqualTo("By agent");
        await stage.Writer.WriteAsync(done => new UpdateThread
        {
            ThreadId = "t",
            Title = new Setting("By client"),
            Completed = done,
        });
        await stage.IngestAsync("t", """{"sessionUpdate":"session_info_update","title":"By agent again"}""", WriterStage.Chunk("more", "user_message_chunk"));
        await Assert.That(stage.Select("SELECT title FROM threads")).IsEqualTo("By client");
    }

    [Test]
    public async Task A_deleted_thread_leaves_a_tombstone_and_nothing_else()
    {
        await using var stage = Started();
        await stage.IngestAsync("t", WriterStage.Chunk("secret"), WriterStage.Tool("x"), """{"sessionUpdate":"plan","entries":[]}""");
        await stage.Writer.WriteAsync(done => new DeleteThread { ThreadId = "t", Completed = done });
        await Assert.That(stage.Select("""
            SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM acp_tool_calls) + (SELECT count(*) FROM acp_plan) + (SELECT count(*) FROM threads),
              (SELECT count(*) FROM acp_events WHERE raw_json IS NOT NULL), (SELECT threadId FROM tombstones)
            """)).IsEqualTo("0|0|t");
    }

    [Test]
    public async Task The_thread_row_is_the_newest_write_although_the_clock_went_back()
    {
        var clock = new SetClock { Now = DateTimeOffset.FromUnixTimeMilliseconds(2_000_000) };
        await using var stage = new WriterStage(time: clock);
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("one"));
        clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);
        await stage.ReopenAsync();
        await stage.IngestAsync("t", WriterStage.Chunk("two"), WriterStage.Tool("x"), WriterStage.Chunk("three"));
        await stage.ReopenAsync();
        var outcome = await stage.IngestAsync("t", WriterStage.Tool("y"));
        await Assert.That(outcome.Error).IsNull();
        await Assert.That(stage.Select("SELECT messageCount, lastOrd, updatedAt FROM threads")).IsEqualTo("2|4|2000000");
    }

    private static WriterStage Started()
    {
        var stage = new WriterStage();
        stage.Start();
        return stage;
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
