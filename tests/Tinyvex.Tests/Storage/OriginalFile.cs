using Microsoft.Data.Sqlite;

namespace Tinyvex.Tests.Storage;

/// <summary>Makes database files as the original Tinyvex made them.</summary>
internal static class OriginalFile
{
    private const string Tables = """
        CREATE TABLE threads(id TEXT PRIMARY KEY, threadId TEXT, title TEXT NOT NULL, projectId TEXT, resumeId TEXT, rolloutPath TEXT, source TEXT,
          createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL);
        CREATE TABLE messages(id INTEGER PRIMARY KEY AUTOINCREMENT, threadId TEXT NOT NULL, role TEXT, kind TEXT NOT NULL, text TEXT, data TEXT,
          itemId TEXT, partial INTEGER, seq INTEGER, ts INTEGER NOT NULL, createdAt INTEGER NOT NULL, updatedAt INTEGER);
        CREATE TABLE acp_events(id INTEGER PRIMARY KEY AUTOINCREMENT, sessionId TEXT, clientThreadDocId TEXT, ts INTEGER NOT NULL, seq INTEGER,
          updateKind TEXT NOT NULL, role TEXT, text TEXT, toolCallId TEXT, status TEXT, kind TEXT, content_json TEXT, locations_json TEXT, raw_json TEXT,
          createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL);
        CREATE TABLE acp_tool_calls(threadId TEXT NOT NULL, toolCallId TEXT NOT NULL, title TEXT, kind TEXT, status TEXT, content_json TEXT,
          locations_json TEXT, content TEXT, locations TEXT, createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL, PRIMARY KEY (threadId, toolCallId));
        CREATE TABLE acp_plan(threadId TEXT PRIMARY KEY, entries_json TEXT, entries TEXT, createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL);
        CREATE TABLE acp_state(threadId TEXT PRIMARY KEY, currentModeId TEXT, available_commands_json TEXT, available_commands TEXT,
          createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL);
        """;

    private const string Indexes = """
        CREATE INDEX idx_threads_updated ON threads(updatedAt DESC);
        CREATE INDEX idx_msgs_thread_ts ON messages(threadId, ts);
        CREATE INDEX idx_msgs_thread_item ON messages(threadId, itemId);
        CREATE UNIQUE INDEX uniq_msgs_thread_item ON messages(threadId, itemId);
        CREATE INDEX idx_acp_events_thread_ts ON acp_events(clientThreadDocId, ts);
        CREATE INDEX idx_acp_events_session_ts ON acp_events(sessionId, ts);
        CREATE INDEX idx_acp_events_kind_thread ON acp_events(updateKind, clientThreadDocId, ts DESC);
        CREATE INDEX idx_acp_tool_calls_thread_tool ON acp_tool_calls(threadId, toolCallId);
        CREATE INDEX idx_acp_tool_calls_thread_updated ON acp_tool_calls(threadId, updatedAt);
        CREATE INDEX idx_acp_plan_thread ON acp_plan(threadId);
        CREATE INDEX idx_acp_plan_thread_updated ON acp_plan(threadId, updatedAt);
        CREATE INDEX idx_acp_state_thread ON acp_state(threadId);
        CREATE INDEX idx_acp_state_thread_updated ON acp_state(threadId, updatedAt);
        """;

    /// <summary>What its last versions added.</summary>
    private const string LaterAdditions = """
        ALTER TABLE threads ADD COLUMN archived INTEGER DEFAULT 0;
        CREATE INDEX idx_threads_archived ON threads(archived);
        ALTER TABLE threads ADD COLUMN workingDirectory TEXT;
        CREATE TABLE projects(id TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, description TEXT, icon TEXT, color TEXT,
          starred INTEGER DEFAULT 0, archived INTEGER DEFAULT 0, createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL);
        CREATE INDEX idx_projects_starred ON projects(starred DESC, updatedAt DESC);
        INSERT INTO projects(id, name, path, createdAt, updatedAt) VALUES ('p1', 'Mine', '/work', 1, 2);
        """;

    /// <summary>Two threads with a row, two without, and everything that can be odd about what is in them.</summary>
    private const string Rows = """
        INSERT INTO threads(id, threadId, title, resumeId, source, createdAt, updatedAt) VALUES
          ('t1', 't1', 'Named by hand', 'sess-1', 'codex-acp', 1000, 9000), ('t2', 't2', 'Thread', 't2', 'claude-code', 2000, 3000);
        INSERT INTO messages(threadId, role, kind, text, itemId, partial, seq, ts, createdAt, updatedAt) VALUES
          ('t1', 'user', 'message', 'Hi', 'turn:1000:user', 0, 1, 1000, 1000, 1000),
          ('t1', NULL, 'reason', 'Thinking', NULL, 0, 0, 1100, 1100, NULL),
          ('t1', NULL, 'reason', 'Thinking', NULL, 0, 0, 1100, 1100, NULL),
          ('t1', 'assistant', 'message', 'Grüße 🌍', 'turn:1200:assistant', 1, 7, 1200, 1200, 1300),
          ('t2', 'user', 'message', NULL, 'turn:2000:user', NULL, NULL, 2000, 2000, NULL),
          ('only-messages', 'assistant', 'message', 'Lost?', 'turn:5:assistant', 1, 1, 5, 5, 6);
        INSERT INTO acp_tool_calls(threadId, toolCallId, title, kind, status, content_json, locations_json, content, locations, createdAt, updatedAt) VALUES
          ('t1', 'ToolCallId("call_1")', 'Read it', 'Read', 'InProgress', '[{"type":"content","content":{"type":"text","text":"x"}}]', '[{"path":"/a","line":3}]', 'old', NULL, 1150, 1160),
          ('t1', 'ToolCallId("say \"hi\" \\ there\n")', 'Mode', 'SwitchMode', 'Completed', NULL, NULL, '[]', '[{"path":"/b"}]', 1170, 1180),
          ('t1', 'plain', NULL, NULL, NULL, 'not json', NULL, NULL, NULL, 1190, 1190),
          ('t1', 'ToolCallId("plain")', 'Twin', 'Other', 'Failed', '[]', '[]', NULL, NULL, 1195, 1195),
          ('only-tools', 'ToolCallId("z")', 'Z', 'Execute', 'Pending', '[]', '[]', NULL, NULL, 7, 8);
        INSERT INTO acp_plan VALUES ('t1', '[{"content":"Do it","priority":"high","status":"pending"}]', NULL, 1000, 1400);
        INSERT INTO acp_state VALUES ('t1', NULL, NULL, '[{"name":"review","description":"Reviews","input":null}]', 1000, 1500);
        INSERT INTO acp_events(sessionId, clientThreadDocId, ts, updateKind, raw_json, createdAt, updatedAt) VALUES
          ('sess-1', 't1', 1000, 'plan', '{"sessionUpdate":"plan","entries":[]}', 1000, 1000);
        """;

    public static void Make(string path, bool later = true, bool wal = true, bool indexes = true)
    {
        using var connection = Open(path);
        if (wal) Execute(connection, "PRAGMA journal_mode=WAL");
        Execute(connection, Tables);
        if (indexes) Execute(connection, Indexes);
        if (later) Execute(connection, LaterAdditions);
        Execute(connection, Rows);
        if (later) Execute(connection, "UPDATE threads SET archived = 1, workingDirectory = '/home/me' WHERE id = 't2'");
    }

    /// <summary>The same file as a crash leaves it: all rows still in its WAL.</summary>
    public static void MakeCrashed(string path)
    {
        Make(path);
        using (var connection = Open(path))
        {
            Execute(connection, "PRAGMA wal_autocheckpoint=0");
            Execute(connection, "INSERT INTO messages(threadId, role, kind, text, itemId, partial, seq, ts, createdAt) VALUES ('t1', 'user', 'message', 'In the WAL', 'w', 0, 1, 1250, 1250)");
            File.Copy(path, path + ".copy");
            File.Copy(path + "-wal", path + ".copy-wal");
        }

        File.Move(path + ".copy", path, overwrite: true);
        File.Move(path + ".copy-wal", path + "-wal", overwrite: true);
    }

    public static SqliteConnection Open(string path, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>All rows of a query, a line each.</summary>
    public static string Select(string path, string sql)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        return Query(connection, sql);
    }

    public static string Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : reader.GetValue(i).ToString())));
        }

        return string.Join('\n', lines);
    }

    /// <summary>Schema and content of all tables, for comparison.</summary>
    public static string Dump(string path)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        var tables = Query(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").Split('\n');
        return Query(connection, "SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
            + string.Concat(tables.Select(table => $"\n== {table}\n{Query(connection, $"SELECT rowid, * FROM {table} ORDER BY rowid")}"));
    }
}
