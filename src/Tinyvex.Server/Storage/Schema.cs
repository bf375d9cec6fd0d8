namespace Tinyvex.Storage;

/// <summary>
/// The schema, as numbered steps: step N takes a database from <c>user_version</c> N−1 to N. A published step never changes.
/// </summary>
internal static class Schema
{
    /// <summary>"Tnvx", in the database header; tells our files from other programs'.</summary>
    public const int ApplicationId = 0x546e7678;

    /// <summary>The number of the last step: the schema that this program reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>
    /// Names are those of the original Tinyvex where it had the table. Its duplicate JSON columns and redundant indexes are
    /// gone; <c>ord</c> is the protocol's <c>order</c>, which SQL reserves.
    /// </summary>
    private const string Step1 = """
        CREATE TABLE store(
          one INTEGER PRIMARY KEY CHECK (one = 1),
          storeId TEXT NOT NULL,
          createdAt INTEGER NOT NULL) STRICT;

        -- Every opening begins an epoch; it ends where the next begins. Cursors name theirs.
        CREATE TABLE epochs(
          epoch INTEGER PRIMARY KEY,
          beganAt INTEGER NOT NULL,
          openedAt INTEGER NOT NULL) STRICT;

        CREATE TABLE threads(
          id TEXT PRIMARY KEY NOT NULL,
          title TEXT,
          titleSource INTEGER NOT NULL DEFAULT 0,
          projectId TEXT,
          resumeId TEXT,
          rolloutPath TEXT,
          source TEXT,
          workingDirectory TEXT,
          archived INTEGER NOT NULL DEFAULT 0,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL,
          messageCount INTEGER NOT NULL DEFAULT 0,
          lastMessageTs INTEGER,
          lastOrd INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX threads_newest ON threads(archived, updatedAt DESC, id DESC);
        CREATE INDEX threads_newest_all ON threads(updatedAt DESC, id DESC);

        CREATE TABLE messages(
          id INTEGER PRIMARY KEY,
          threadId TEXT NOT NULL,
          itemId TEXT NOT NULL,
          ord INTEGER NOT NULL,
          role TEXT,
          kind TEXT NOT NULL,
          text TEXT NOT NULL DEFAULT '',
          blocks_json TEXT,
          partial INTEGER NOT NULL,
          seq INTEGER NOT NULL,
          textLen INTEGER NOT NULL,
          foldedTo INTEGER NOT NULL,
          acpMessageId TEXT,
          ts INTEGER NOT NULL,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX messages_item ON messages(threadId, itemId);
        CREATE UNIQUE INDEX messages_ord ON messages(threadId, ord);
        CREATE INDEX messages_open ON messages(threadId) WHERE partial = 1;

        -- The log. Its id orders everything and is what a cursor points at.
        CREATE TABLE acp_events(
          id INTEGER PRIMARY KEY,
          threadId TEXT NOT NULL,
          ts INTEGER NOT NULL,
          updateKind TEXT NOT NULL,
          ord INTEGER,
          seq INTEGER,
          textLen INTEGER,
          subject TEXT,
          sessionId TEXT,
          raw_json TEXT) STRICT;
        CREATE INDEX acp_events_thread ON acp_events(threadId, id);

        CREATE TABLE acp_tool_calls(
          threadId TEXT NOT NULL,
          toolCallId TEXT NOT NULL,
          ord INTEGER NOT NULL,
          title TEXT,
          kind TEXT,
          status TEXT,
          content_json TEXT,
          locations_json TEXT,
          rawInput_json TEXT,
          rawOutput_json TEXT,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL,
          PRIMARY KEY (threadId, toolCallId)) STRICT;
        CREATE UNIQUE INDEX acp_tool_calls_ord ON acp_tool_calls(threadId, ord);
        CREATE INDEX acp_tool_calls_newest ON acp_tool_calls(threadId, updatedAt DESC, ord DESC);

        CREATE TABLE acp_plan(
          threadId TEXT PRIMARY KEY NOT NULL,
          entries_json TEXT NOT NULL,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL) STRICT;

        CREATE TABLE acp_state(
          threadId TEXT PRIMARY KEY NOT NULL,
          currentModeId TEXT,
          modes_json TEXT,
          available_commands_json TEXT,
          configOptions_json TEXT,
          usage_json TEXT,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL) STRICT;

        CREATE TABLE runs(
          runId TEXT PRIMARY KEY NOT NULL,
          threadId TEXT NOT NULL,
          ord INTEGER NOT NULL,
          agent TEXT NOT NULL,
          prompt_json TEXT NOT NULL,
          status TEXT NOT NULL,
          stopReason TEXT,
          error_json TEXT,
          createdAt INTEGER NOT NULL,
          startedAt INTEGER,
          finishedAt INTEGER) STRICT;
        CREATE UNIQUE INDEX runs_ord ON runs(threadId, ord);
        CREATE INDEX runs_newest ON runs(createdAt DESC, runId DESC);
        CREATE INDEX runs_open ON runs(threadId) WHERE status IN ('queued', 'running');

        CREATE TABLE permissions(
          requestId TEXT PRIMARY KEY NOT NULL,
          threadId TEXT NOT NULL,
          runId TEXT,
          ord INTEGER NOT NULL,
          toolCall_json TEXT NOT NULL,
          options_json TEXT NOT NULL,
          status TEXT NOT NULL,
          outcome_json TEXT,
          answeredBy TEXT,
          createdAt INTEGER NOT NULL,
          answeredAt INTEGER) STRICT;
        CREATE UNIQUE INDEX permissions_ord ON permissions(threadId, ord);
        CREATE INDEX permissions_newest ON permissions(createdAt DESC, requestId DESC);
        CREATE INDEX permissions_pending ON permissions(threadId) WHERE status = 'pending';

        CREATE TABLE idempotency_keys(
          key TEXT PRIMARY KEY NOT NULL,
          control TEXT NOT NULL,
          payloadHash BLOB NOT NULL,
          reply_json TEXT NOT NULL,
          createdAt INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_keys_age ON idempotency_keys(createdAt);

        -- What was deleted, so that a client that was away learns of it.
        CREATE TABLE tombstones(
          threadId TEXT PRIMARY KEY NOT NULL,
          deletedAt INTEGER NOT NULL,
          eventId INTEGER NOT NULL) STRICT;
        """;

    private const string Step2 = """
        -- What is sent to readers of all threads, who need not read past every chunk to find it.
        CREATE INDEX acp_events_sparse ON acp_events(id)
          WHERE updateKind IN ('tvx.thread', 'tvx.deleted', 'tvx.run', 'tvx.permission');
        """;

    /// <summary>Search, and lists of permissions by their key: of a status, of a thread's status, and those of a thread that are pending in order.</summary>
    private const string Step3 = $"""
        {SearchIndex.Create}

        DROP INDEX permissions_newest;
        DROP INDEX permissions_pending;
        CREATE INDEX permissions_newest ON permissions(status, createdAt DESC, requestId DESC);
        CREATE INDEX permissions_newest_of_thread ON permissions(threadId, status, createdAt DESC, requestId DESC);
        CREATE INDEX permissions_pending ON permissions(threadId, ord) WHERE status = 'pending';
        """;

    /// <summary>What of the log was merged, and what of deleted threads has yet to leave the file.</summary>
    private const string Step4 = """
        ALTER TABLE acp_events ADD COLUMN boundaries BLOB;
        CREATE INDEX acp_events_merged ON acp_events(id) WHERE boundaries IS NOT NULL;
        CREATE INDEX acp_events_final ON acp_events(id) WHERE updateKind = 'tvx.finalize';
        ALTER TABLE store ADD COLUMN mergedTo INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE purges(
          threadId TEXT PRIMARY KEY NOT NULL,
          eventId INTEGER NOT NULL,
          rowsGone INTEGER NOT NULL DEFAULT 0) STRICT;
        """;

    /// <summary>
    /// What a thread's agent may do and is given, by whom that was said, whose session it can take up again; turns that are silent; questions of
    /// an agent beside permissions; and the terminals that it has run.
    /// </summary>
    private const string Step5 = """
        ALTER TABLE threads ADD COLUMN policy TEXT;
        ALTER TABLE threads ADD COLUMN policySetBy TEXT;
        ALTER TABLE threads ADD COLUMN mcpServers_json TEXT;
        ALTER TABLE threads ADD COLUMN additionalDirectories_json TEXT;
        ALTER TABLE threads ADD COLUMN resumeAgent TEXT;
        ALTER TABLE runs ADD COLUMN stalledAt INTEGER;

        CREATE TABLE elicitations(
          requestId TEXT PRIMARY KEY NOT NULL,
          threadId TEXT NOT NULL,
          runId TEXT,
          ord INTEGER NOT NULL,
          request_json TEXT NOT NULL,
          status TEXT NOT NULL,
          outcome_json TEXT,
          answeredBy TEXT,
          createdAt INTEGER NOT NULL,
          answeredAt INTEGER) STRICT;
        CREATE UNIQUE INDEX elicitations_ord ON elicitations(threadId, ord);
        CREATE INDEX elicitations_newest ON elicitations(status, createdAt DESC, requestId DESC);
        CREATE INDEX elicitations_newest_of_thread ON elicitations(threadId, status, createdAt DESC, requestId DESC);
        CREATE INDEX elicitations_pending ON elicitations(threadId, ord) WHERE status = 'pending';

        CREATE TABLE terminals(
          threadId TEXT NOT NULL,
          terminalId TEXT NOT NULL,
          ord INTEGER NOT NULL,
          command TEXT NOT NULL,
          args_json TEXT,
          cwd TEXT,
          outputStart INTEGER NOT NULL,
          outputLen INTEGER NOT NULL,
          outputEvent INTEGER,
          status TEXT NOT NULL,
          exitCode INTEGER,
          signal TEXT,
          createdAt INTEGER NOT NULL,
          exitedAt INTEGER,
          updatedAt INTEGER NOT NULL,
          PRIMARY KEY (threadId, terminalId)) STRICT;
        CREATE TABLE terminal_output(
          threadId TEXT NOT NULL,
          terminalId TEXT NOT NULL,
          start INTEGER NOT NULL,
          text TEXT NOT NULL,
          PRIMARY KEY (threadId, terminalId, start)) STRICT;
        CREATE UNIQUE INDEX terminals_ord ON terminals(threadId, ord);
        CREATE INDEX terminals_printed ON terminals(outputEvent);
        CREATE INDEX terminals_open ON terminals(threadId) WHERE status = 'running';

        DROP INDEX acp_events_sparse;
        CREATE INDEX acp_events_sparse ON acp_events(id)
          WHERE updateKind IN ('tvx.thread', 'tvx.deleted', 'tvx.run', 'tvx.permission', 'tvx.elicitation');
        """;

    private static readonly Action<StoreConnection>[] Steps =
    [
        Sql(Step1),
        Sql(Step2),
        connection =>
        {
            connection.Execute(Step3);
            SearchIndex.Fill(connection);
        },
        Sql(Step4),
        Sql(Step5),
    ];

    /// <summary>Runs the steps after <paramref name="version"/>; 0 for a database that has none of our tables. To be called in a transaction.</summary>
    public static void Upgrade(StoreConnection connection, int version)
    {
        foreach (var step in Steps.AsSpan(version)) step(connection);
    }

    private static Action<StoreConnection> Sql(string step) => connection => connection.Execute(step);
}
