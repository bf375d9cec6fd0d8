using Tinyvex.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storage;

/// <summary>A database of the original is taken over with all its rows, and a backup of it stands beside it.</summary>
public class OriginalDatabaseTests
{
    [Test]
    [Arguments(true, true, true)]
    [Arguments(true, false, true)]
    [Arguments(false, true, true)]
    [Arguments(false, false, false)]
    public async Task Every_form_of_it_is_upgraded_and_backed_up(bool later, bool wal, bool indexes)
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["t.db"], later, wal, indexes);
        var before = OriginalFile.Dump(folder["t.db"]);

        var backup = await UpgradeAsync(folder["t.db"]);

        await Assert.That(OriginalFile.Dump(backup)).IsEqualTo(before);
        await Assert.That(Select(folder, "PRAGMA application_id")).IsEqualTo(Schema.ApplicationId.ToString());
        await Assert.That(Select(folder, "PRAGMA user_version")).IsEqualTo(Schema.Version.ToString());
        await Assert.That(Select(folder, "PRAGMA integrity_check")).IsEqualTo("ok");
        await Assert.That(Select(folder, "SELECT count(*) FROM sqlite_master WHERE name GLOB 'original_*' OR name GLOB 'idx_msgs*'")).IsEqualTo("0");
        await Assert.That(Select(folder, "SELECT count(*) FROM messages")).IsEqualTo("6");
    }

    [Test]
    public async Task Rows_still_in_the_WAL_of_a_crash_are_upgraded_and_backed_up()
    {
        using var folder = new TempFolder();
        OriginalFile.MakeCrashed(folder["t.db"]);

        var backup = await UpgradeAsync(folder["t.db"]);

        await Assert.That(Select(folder, "SELECT text FROM messages WHERE itemId = 'w'")).IsEqualTo("In the WAL");
        await Assert.That(OriginalFile.Select(backup, "SELECT text FROM messages WHERE itemId = 'w'")).IsEqualTo("In the WAL");
    }

    [Test]
    public async Task Tool_calls_come_out_in_the_forms_of_ACP()
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["t.db"]);
        await UpgradeAsync(folder["t.db"]);

        await Assert.That(Select(folder, "SELECT toolCallId, kind, status FROM acp_tool_calls ORDER BY threadId, ord")).IsEqualTo("""
            z|execute|pending
            call_1|read|in_progress
            say "hi" \ there

            """.TrimEnd('\n') + "\n|switch_mode|completed\nplain|null|null\nToolCallId(\"plain\")|other|failed");
        await Assert.That(Select(folder, "SELECT content_json, locations_json FROM acp_tool_calls WHERE threadId = 't1' ORDER BY ord")).IsEqualTo("""
            [{"type":"content","content":{"type":"text","text":"x"}}]|[{"path":"/a","line":3}]
            []|[{"path":"/b"}]
            null|null
            []|[]
            """);
    }

    [Test]
    public async Task Messages_keep_their_ids_and_order_and_are_final()
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["t.db"]);
        await UpgradeAsync(folder["t.db"]);

        await Assert.That(Select(folder, "SELECT itemId, ord, role, kind, text, partial, seq, textLen, ts FROM messages WHERE threadId = 't1' ORDER BY ord"))
            .IsEqualTo("""
                turn:1000:user|1|user|message|Hi|0|1|2|1000
                original:2|2|null|reason|Thinking|0|0|8|1100
                original:3|3|null|reason|Thinking|0|0|8|1100
                turn:1200:assistant|8|assistant|message|Grüße 🌍|0|7|12|1200
                """);
        await Assert.That(Select(folder, "SELECT text, partial, seq FROM messages WHERE threadId = 't2'")).IsEqualTo("|0|0");
    }

    [Test]
    public async Task Threads_keep_their_fields_and_those_without_a_row_get_one()
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["t.db"]);
        await UpgradeAsync(folder["t.db"]);

        await Assert.That(Select(folder, """
            SELECT id, title, titleSource, resumeId, source, workingDirectory, archived, createdAt, updatedAt, messageCount, lastMessageTs, lastOrd
            FROM threads ORDER BY id
            """)).IsEqualTo("""
            only-messages|null|0|null|null|null|0|5|6|1|5|1
            only-tools|null|0|null|null|null|0|7|8|0|null|1
            t1|Named by hand|3|sess-1|codex-acp|null|0|1000|9000|4|1200|8
            t2|Thread|0|t2|claude-code|/home/me|1|2000|3000|1|2000|1
            """);
        await Assert.That(Select(folder, "SELECT entries_json FROM acp_plan")).Contains("Do it");
        await Assert.That(Select(folder, "SELECT available_commands_json FROM acp_state")).Contains("review");
        await Assert.That(Select(folder, "SELECT name FROM projects")).IsEqualTo("Mine");
    }

    [Test]
    public async Task A_second_opening_changes_nothing_more()
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["t.db"]);
        await UpgradeAsync(folder["t.db"]);
        var files = Directory.GetFiles(folder.Path).Length;

        await using (var store = Store.Open(folder["t.db"], TimeProvider.System))
        {
            store.Writer.Dispose();
            await Assert.That(store.Backup).IsNull();
        }

        await Assert.That(Directory.GetFiles(folder.Path).Length).IsEqualTo(files);
    }

    [Test]
    public async Task A_backup_that_is_there_already_stays()
    {
        using var folder = new TempFolder();
        var time = new StoppedClock();
        OriginalFile.Make(folder["t.db"]);
        await File.WriteAllTextAsync(folder["t.db.backup-20260102-030405"], "mine");

        await using var store = Store.Open(folder["t.db"], time);
        store.Writer.Dispose();

        await Assert.That(store.Backup).IsEqualTo(folder["t.db.backup-20260102-030405-2"]);
        await Assert.That(await File.ReadAllTextAsync(folder["t.db.backup-20260102-030405"])).IsEqualTo("mine");
    }

    [Test]
    public async Task An_upgrade_that_a_kill_cut_short_is_done_again()
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["t.db"], wal: false);
        var before = OriginalFile.Dump(folder["t.db"]);
        LeaveHotJournal(folder["t.db"]);

        var backup = await UpgradeAsync(folder["t.db"]);

        await Assert.That(OriginalFile.Dump(backup)).IsEqualTo(before);
        await Assert.That(Select(folder, "SELECT count(*) FROM messages")).IsEqualTo("6");
    }

    /// <summary>Puts the file in the state where a transaction has written its pages, application id and all, but not committed.</summary>
    private static void LeaveHotJournal(string path)
    {
        using (var connection = OriginalFile.Open(path))
        {
            OriginalFile.Execute(connection, $"PRAGMA cache_size=1; PRAGMA cache_spill=1; BEGIN IMMEDIATE; PRAGMA application_id={Schema.ApplicationId}; PRAGMA user_version=1");
            for (var i = 0; i < 20; i++) OriginalFile.Execute(connection, "INSERT INTO messages(threadId, kind, text, ts, createdAt) VALUES ('x', 'm', hex(randomblob(3000)), 1, 1)");
            File.Copy(path, path + ".copy");
            File.Copy(path + "-journal", path + ".copy-journal");
            OriginalFile.Execute(connection, "ROLLBACK");
        }

        File.Move(path + ".copy", path, overwrite: true);
        File.Move(path + ".copy-journal", path + "-journal", overwrite: true);
    }

    private static async Task<string> UpgradeAsync(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        await using var store = Store.Open(path, TimeProvider.System);
        store.Writer.Dispose();
        return store.Backup!;
    }

    private static string Select(TempFolder folder, string sql) => OriginalFile.Select(folder["t.db"], sql);

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
