using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Acp;
using Tinyvex.Storage;
using Tinyvex.Tests.Support;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

/// <summary>A store and its writer in this process, with everything that was published.</summary>
internal sealed class WriterStage : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TinyvexOptions _options;
    private Store _store = null!;

    public WriterStage(
        Action<StoreConnection>? prepare = null, TimeProvider? time = null, Durability durability = Durability.Normal, int maxQueueBytes = 64 * 1024 * 1024)
    {
        SQLitePCL.Batteries_V2.Init();
        _options = new TinyvexOptions { DatabasePath = _folder["t.db"], Durability = durability, MaxWriterQueueBytes = maxQueueBytes };
        Time = time ?? TimeProvider.System;
        Open(prepare);
    }

    public Writer Writer { get; private set; } = null!;

    public List<Change> Published { get; } = [];

    /// <summary>How many changes each commit published.</summary>
    public List<int> Commits { get; } = [];

    public TimeProvider Time { get; set; }

    public string Path => _options.DatabasePath;

    public void Start() => Writer.Start();

    public void Open(Action<StoreConnection>? prepare = null)
    {
        _store = Store.Open(Path, Time, _options.Durability);
        prepare?.Invoke(_store.Writer);
        Writer = new Writer(_store.Writer, _store.Files, (changes, _) => Publish(changes), _options, Time, NullLogger.Instance);
    }

    /// <summary>Looks at what is published, at the moment it is.</summary>
    public Action<IReadOnlyList<Change>>? OnPublish { get; set; }

    private void Publish(IReadOnlyList<Change> changes)
    {
        OnPublish?.Invoke(changes);
        lock (Published)
        {
            Published.AddRange(changes);
            Commits.Add(changes.Count);
        }
    }

    /// <summary>Closes the store, what is open in it staying open, and opens it again.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
        Start();
    }

    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        await Writer.DisposeAsync();
    }

    public Task<WriteOutcome> RecoverAsync() =>
        Writer.WriteAsync(done => new CloseOpenWork { RunStatus = "failed", Reason = "the server ended", Completed = done });

    public Task<WriteOutcome> IngestAsync(string threadId, params string[] updates) =>
        Writer.WriteAsync(done => Ingest(threadId, done, updates));

    public static IngestUpdates Ingest(string threadId, Action<WriteOutcome>? done, params string[] updates) =>
        new() { ThreadId = threadId, Provider = "host", Updates = [.. updates.Select(Update)], Completed = done };

    public static SessionUpdate Update(string json)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(json);
        using var document = JsonDocument.Parse(bytes);
        return SessionUpdate.Parse(bytes, document.RootElement);
    }

    public static string Chunk(string text, string kind = "agent_message_chunk", string? messageId = null) =>
        $$$"""{"sessionUpdate":"{{{kind}}}",{{{(messageId is null ? "" : $"\"messageId\":\"{messageId}\",")}}}"content":{"type":"text","text":"{{{text}}}"}}""";

    public static string Tool(string id, string fields = "\"title\":\"T\"") => $$$"""{"sessionUpdate":"tool_call","toolCallId":"{{{id}}}",{{{fields}}}}""";

    public async Task<string> SubmitAsync(string? threadId, string prompt = "Hello")
    {
        var outcome = await Writer.WriteAsync(done => new SubmitRun
        {
            IsHeld = _ => false,
            ThreadId = threadId,
            Prompt = Encoding.UTF8.GetBytes($$"""[{"type":"text","text":"{{prompt}}"}]"""),
            ChooseAgent = source => source ?? "replay",
            MaxQueued = 10,
            Completed = done,
        });
        return outcome.RunId!;
    }

    public Task<WriteOutcome> StartRunAsync(string runId) => Writer.WriteAsync(done => new StartRun { RunId = runId, Completed = done });

    public Task<WriteOutcome> AskAsync(string threadId, string runId) => Writer.WriteAsync(done => new RequestPermission
    {
        ThreadId = threadId,
        RunId = runId,
        ToolCall = """{"toolCallId":"asked"}"""u8.ToArray(),
        Patch = new ToolCallPatch { ToolCallId = "asked" },
        Options = """[{"optionId":"yes","name":"Yes","kind":"allow_once"}]"""u8.ToArray(),
        Completed = done,
    });

    /// <summary>Rows of a query, seen from another connection: committed ones.</summary>
    public string Select(string sql) => Storage.OriginalFile.Select(Path, sql);

    /// <summary>Looks through the writer's own connection, on its thread.</summary>
    public async Task InspectAsync(Action<StoreConnection> look)
    {
        await Writer.WriteAsync(done => new FinalizeMessages
        {
            ThreadId = "t",
            Completed = outcome =>
            {
                look(_store.Writer);
                done(outcome);
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }
}
