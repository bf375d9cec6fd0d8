using Microsoft.Data.Sqlite;
using Tinyvex.Storage;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Queries;

/// <summary>What is found, in which order, and what is shown of it.</summary>
public class SearchTests
{
    [Test]
    // Latin, with accents and without, composed and in parts; German, Vietnamese, Polish.
    [Arguments("Das Café in der Straße", "cafe", "Das [Café] in der Straße")]
    [Arguments("Das Cafe\u0301 schließt", "café", "Das [Cafe\u0301] schließt")]
    [Arguments("Tiếng Việt rất đẹp", "tieng viet", "[Tiếng] [Việt] rất đẹp")]
    [Arguments("Zażółć gęślą jaźń", "zażo", "[Zażółć] gęślą jaźń")]
    // Scripts with words.
    [Arguments("Привет, мир", "МИР", "Привет, [мир]")]
    [Arguments("Καλημέρα κόσμε", "κόσμε", "Καλημέρα [κόσμε]")]
    [Arguments("مرحبا بالعالم", "بالعالم", "مرحبا [بالعالم]")]
    [Arguments("שלום עולם", "עולם", "שלום [עולם]")]
    [Arguments("हिन्दी में लिखा है", "लिखा", "हिन्दी में [लिखा] है")]
    [Arguments("தமிழ் மொழி", "மொழி", "தமிழ் [மொழி]")]
    // Scripts without: words of one, two and three characters, and beside others.
    [Arguments("我们讨论了数据库的锁", "锁", "我们讨论了数据库的[锁]")]
    [Arguments("我们讨论了数据库的锁", "数据库", "我们讨论了[数据库]的锁")]
    [Arguments("古い𠮷野家の看板", "𠮷野家", "古い[𠮷野家]の看板")]
    [Arguments("データベースのロックを外す", "ロック", "データベースの[ロック]を外す")]
    [Arguments("ﾃﾞｰﾀを消した", "消し", "ﾃﾞｰﾀを[消し]た")]
    [Arguments("데이터베이스를 잠금 해제했다", "잠금", "데이터베이스를 [잠금] 해제했다")]
    [Arguments("데이터베이스를 잠금 해제했다", "베이스", "데이터[베이스]를 잠금 해제했다")]
    [Arguments("ฉันกินข้าวแล้ว", "กินข้าว", "ฉัน[กินข้าว]แล้ว")]
    [Arguments("ຂ້ອຍກິນເຂົ້າ", "ກິນ", "ຂ້ອຍ[ກິນ]ເຂົ້າ")]
    [Arguments("ខ្ញុំញ៉ាំបាយ", "បាយ", "ខ្ញុំញ៉ាំ[បាយ]")]
    [Arguments("ကျွန်တော်ထမင်းစားတယ်", "ထမင်း", "ကျွန်တော်[ထမင်း]စားတယ်")]
    [Arguments("用SQLite存储", "sqlite", "用[SQLite]存储")]
    [Arguments("用SQLite存储", "sqlite存", "用[SQLite存]储")]
    [Arguments("Fehler 404 im Log", "404", "Fehler [404] im Log")]
    public async Task It_finds_words_of_any_language(string text, string looked, string found)
    {
        await using var stage = new SearchStage();
        await stage.SayAsync("t", text, "nothing of the kind");
        await Assert.That(stage.Found(looked)).IsEqualTo(found);
    }

    [Test]
    // Another order, half a run, another tone or vowel.
    [Arguments("我们讨论了数据库的锁", "库据")]
    [Arguments("我们讨论了数据库的锁", "数库")]
    [Arguments("ฉันกินข้าวแล้ว", "กนขาว")]
    [Arguments("हिन्दी में लिखा है", "लेखा")]
    [Arguments("one two three", "\"one three\"")]
    [Arguments("one two three", "one four")]
    [Arguments("one two three", "thre ")]
    [Arguments("one two three", "\"thre\"")]
    [Arguments("one two three", "th")]
    [Arguments("one two three", "t")]
    public async Task What_does_not_stand_there_is_not_found(string text, string looked)
    {
        await using var stage = new SearchStage();
        await stage.SayAsync("t", text);
        await Assert.That(stage.Found(looked)).IsEqualTo("");
    }

    [Test]
    [Arguments("one three", "[one] two [three]")]
    [Arguments("\"one two\"", "[one two] three")]
    [Arguments("\"one two", "[one two] three")]
    [Arguments("thr", "one two [three]")]
    [Arguments("\"two\" thr", "one [two] [three]")]
    [Arguments("one. (two)", "[one] [two] three")]
    public async Task All_words_must_be_there_and_the_last_may_go_on(string looked, string found)
    {
        await using var stage = new SearchStage();
        await stage.SayAsync("t", "one two three", "one", "thread");
        await Assert.That(stage.Found(looked).Split('\n')).Contains(found);
    }

    [Test]
    public async Task No_text_is_a_wrong_expression()
    {
        await using var stage = new SearchStage();
        await stage.SayAsync("t", "and or not near text thread");
        var random = new Random(7);
        string[] parts = ["\"", "*", "AND", "OR", "NOT", "NEAR(", "(", ")", "text:", "thread : x", "^", "-", "+", "{", "}", "'", ";", "--", "\0", "a", "日本", "é", "😀", "\\", "\n", " ", "\ufffd", ":", ",", "^a", "\u200d", "\u0301"];
        for (var i = 0; i < 3_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                stage.Search(text);
            }
            catch (TinyvexException refused)
            {
                await Assert.That(refused.Code).IsEqualTo(ErrorCode.BadRequest).Because(text);
                await Assert.That(refused.Message).Contains("no letter or digit").Because(text);
            }
        }

        await Assert.That(stage.Found("AND OR NOT")).IsEqualTo("[and] [or] [not] near text thread");
        await Assert.That(stage.Found("thread:x")).IsEqualTo("");
    }

    [Test]
    [Arguments("")]
    [Arguments("  ")]
    [Arguments("\"\" … 😀")]
    public async Task A_text_without_a_word_is_a_bad_request(string text)
    {
        await using var stage = new SearchStage();
        await Assert.That(Assert.Throws<TinyvexException>(() => stage.Search(text)).Code).IsEqualTo(ErrorCode.BadRequest);
        await Assert.That(Assert.Throws<TinyvexException>(() => stage.Search(new string('ä', 513))).Code).IsEqualTo(ErrorCode.TooLarge);
        await Assert.That(stage.Found(string.Join(' ', Enumerable.Repeat("a", 512)))).IsEqualTo("");
    }

    [Test]
    public async Task More_of_a_word_in_a_shorter_text_ranks_higher_and_the_newer_first_among_equals()
    {
        await using var stage = new SearchStage();
        var filler = string.Join(' ', Enumerable.Repeat("filler", 200));
        await stage.SayAsync("t", $"lock {filler}", "lock a", "lock lock lock", "lock b");
        await Assert.That(stage.Rows("lock").Select(row => row.Text("snippet").Split(" filler")[0]).Lines()).IsEqualTo("lock lock lock\nlock b\nlock a\nlock");
        await Assert.That(stage.Rows("lock").Select(row => row.GetProperty("rank").GetDouble()).Order().Last()).IsEqualTo(stage.Rows("lock")[0].GetProperty("rank").GetDouble());
    }

    [Test]
    public async Task A_thread_is_searched_alone()
    {
        await using var stage = new SearchStage();
        await stage.SayAsync("one", "lock of one");
        await stage.SayAsync("two \" of *", "lock of two");
        await Assert.That(stage.Found("lock", "two \" of *")).IsEqualTo("[lock] of two");
        await Assert.That(stage.Found("lock").Split('\n').Length).IsEqualTo(2);
        await Assert.That(stage.Found("lock", "none")).IsEqualTo("");
    }

    [Test]
    public async Task Pages_hold_each_message_once_while_others_arrive()
    {
        await using var stage = new SearchStage();
        var random = new Random(3);
        string Text(int i) => string.Join(' ', Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(3) == 0 ? "lock" : "word" + random.Next(9))) + $" lock m{i}";
        await stage.SayAsync("t", [.. Enumerable.Range(0, 60).Select(Text)]);
        var all = stage.Rows("lock word1").Select(row => row.Text("itemId")).ToList();
        await Assert.That(all.Count).IsGreaterThan(20).And.IsLessThan(50);

        var paged = new List<string>();
        string? page = null;
        do
        {
            var answer = stage.Search("lock word1", limit: 4, page: page);
            paged.AddRange(answer.GetProperty("rows").EnumerateArray().Select(row => row.Text("itemId")));
            page = answer.GetProperty("nextPage").GetString();
            await stage.SayAsync("t", Text(100), "lock lock word1 word1", new string('x', 5_000));
        }
        while (page is not null);

        await Assert.That(paged.Lines()).IsEqualTo(all.Lines());
    }

    [Test]
    public async Task An_open_message_is_found_once_it_is_final()
    {
        await using var stage = new SearchStage();
        await stage.Writing.IngestAsync("t", Wire.Chunk("half a mess"), Wire.Chunk("age"));
        await Assert.That(stage.Found("message")).IsEqualTo("");
        await stage.SayAsync("t", "next");
        await Assert.That(stage.Found("message")).IsEqualTo("half a [message]");
    }

    [Test]
    public async Task What_a_crash_left_open_is_found()
    {
        await using var stage = new SearchStage();
        await stage.Writing.IngestAsync("t", Wire.Chunk(new string('x', 9_000) + " half"), Wire.Chunk(" a lock"));
        await stage.ReopenAsync(_ => { });
        await stage.Writing.RecoverAsync();
        await Assert.That(stage.Found("lock")).EndsWith("x half a [lock]");
    }

    [Test]
    public async Task A_refused_write_leaves_the_index_as_it_was()
    {
        await using var stage = new SearchStage();
        await stage.Writing.IngestAsync("u", Wire.Chunk("once only"));
        // The commit fails behind the index: nothing of it may be kept.
        await stage.Writing.InspectAsync(store => store.Execute("CREATE TEMP TRIGGER fail BEFORE UPDATE ON threads BEGIN SELECT RAISE(ABORT, 'no'); END"));
        var refused = await stage.Writing.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = "u", Completed = done });
        await Assert.That(refused.Error).IsNotNull();
        await Assert.That(stage.Found("once")).IsEqualTo("");
        await stage.Writing.InspectAsync(store => store.Execute("DROP TRIGGER fail"));
        await stage.SayAsync("u", "next");
        await Assert.That(stage.Found("once")).IsEqualTo("[once] only");
    }

    [Test]
    public async Task Of_a_long_message_the_beginning_is_found()
    {
        await using var stage = new SearchStage();
        var filler = string.Concat(Enumerable.Repeat("ä fill ", 32 * 1024));
        await stage.SayAsync("t", "first " + filler + " last");
        await Assert.That(stage.Found("first")).StartsWith("[first] ä fill");
        await Assert.That(stage.Found("last")).IsEqualTo("");
    }

    [Test]
    public async Task A_snippet_is_of_where_most_matches_stand()
    {
        await using var stage = new SearchStage();
        var filler = string.Concat(Enumerable.Repeat("other words ", 50));
        await stage.SayAsync("t", $"A lock. {filler}the lock of 🌍 the lock\n{filler}");
        var row = stage.Rows("lock")[0];
        await Assert.That(SearchStage.Marked(row)).StartsWith("…").And.EndsWith("…").And.Contains("words the [lock] of 🌍 the [lock]\nother");
        await Assert.That(row.Text("snippet").Length).IsLessThan(210);
        foreach (var highlight in row.GetProperty("highlights").EnumerateArray())
        {
            await Assert.That(row.Text("snippet").Substring(highlight[0].GetInt32(), highlight[1].GetInt32())).IsEqualTo("lock");
        }
    }

    [Test]
    public async Task A_row_says_where_it_is_from()
    {
        await using var stage = new SearchStage();
        await stage.Writing.IngestAsync("t", Wire.Chunk("a question", "user_message_chunk"), Wire.Chunk("a question?", "agent_thought_chunk"), Wire.Chunk("end"));
        var rows = stage.Rows("question").OrderBy(row => row.Number("order")).ToList();
        await Assert.That(rows.Select(row => $"{row.Text("threadId")} {row.Number("order")} {row.Text("role") ?? "null"} {row.Text("kind")}").Lines())
            .IsEqualTo("t 1 user message\nt 2 null reason");
        await Assert.That(rows.All(row => row.Text("itemId").Length == 32 && row.Number("ts") > 0)).IsTrue();
    }

    [Test]
    public async Task A_deleted_thread_is_found_no_more_and_its_words_leave_the_file()
    {
        await using var stage = new SearchStage();
        await stage.SayAsync("gone", "xylophonist secretwordabc");
        await stage.SayAsync("t", "a lock");
        await stage.Writing.Writer.WriteAsync(done => new DeleteThread { ThreadId = "gone", Completed = done });
        await Assert.That(stage.Found("xylophonist")).IsEqualTo("");
        await Assert.That(stage.Found("lock")).IsEqualTo("a [lock]");

        var steps = 0;
        await stage.Writing.InspectAsync(store =>
        {
            while (SearchIndex.Purge(store, 16, begin: steps == 0)) steps++;
        });
        await Assert.That(steps).IsGreaterThan(0).And.IsLessThan(20);
        await Assert.That(stage.Writing.Select("SELECT count(*) FROM message_search_data WHERE instr(CAST(block AS TEXT), 'ecretwordabc') + instr(block, CAST('ecretwordabc' AS BLOB)) > 0")).IsEqualTo("0");
        await Assert.That(stage.Found("lock")).IsEqualTo("a [lock]");
    }

    [Test]
    public async Task An_older_database_is_indexed_when_it_is_opened()
    {
        await using var stage = new SearchStage();
        await stage.SayAsync("t", "数据库 lock", "other");
        await stage.Writing.IngestAsync("t", Wire.Chunk("an open lock"));
        await stage.ReopenAsync(path =>
        {
            Execute(path, """
                DROP TABLE message_search; DROP INDEX permissions_newest; DROP INDEX permissions_newest_of_thread; DROP INDEX permissions_pending;
                CREATE INDEX permissions_newest ON permissions(createdAt DESC, requestId DESC);
                CREATE INDEX permissions_pending ON permissions(threadId) WHERE status = 'pending';
                DROP INDEX acp_events_merged; DROP INDEX acp_events_final; ALTER TABLE acp_events DROP COLUMN boundaries;
                ALTER TABLE store DROP COLUMN mergedTo; DROP TABLE purges;
                ALTER TABLE threads DROP COLUMN policy; ALTER TABLE threads DROP COLUMN policySetBy; ALTER TABLE threads DROP COLUMN mcpServers_json;
                ALTER TABLE threads DROP COLUMN additionalDirectories_json; ALTER TABLE threads DROP COLUMN resumeAgent; ALTER TABLE runs DROP COLUMN stalledAt;
                DROP TABLE elicitations; DROP TABLE terminals; DROP TABLE terminal_output;
                PRAGMA user_version = 2;
                """);
        });
        await Assert.That(stage.Found("lock")).IsEqualTo("数据库 [lock]");
        await stage.SayAsync("t", "new");
        await Assert.That(stage.Found("lock").Split('\n')).IsEquivalentTo((string[])["数据库 [lock]", "an open [lock]"]);
        await Assert.That(stage.Writing.Select("PRAGMA integrity_check")).IsEqualTo("ok");
    }

    [Test]
    public async Task The_originals_messages_are_indexed()
    {
        await using var stage = new SearchStage();
        await stage.ReopenAsync(path =>
        {
            File.Delete(path);
            OriginalFile.Make(path);
        });
        await Assert.That(stage.Found("grüße")).IsEqualTo("[Grüße] 🌍");
        await Assert.That(stage.Rows("thinking").Count).IsEqualTo(2);
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
