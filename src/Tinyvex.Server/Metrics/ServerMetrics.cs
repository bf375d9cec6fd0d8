using System.Diagnostics.Metrics;
using Tinyvex.Requests;

namespace Tinyvex.Metrics;

/// <summary>
/// What <c>/metrics</c> shows (docs/metrics.md): each value is read where it lives, when it is asked for, and none of them from the store,
/// so that they are told also while it fails. Made when it is first asked for, so that a start does not pay for it.
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly ErrorCode[] Codes = Enum.GetValues<ErrorCode>();

    private readonly Lock _lock = new();
    private readonly Meter _meter = new("Tinyvex");
    private readonly MetricsPage _page;
    private readonly ConnectionServices _services;
    private ConnectionTotals _connections;

    public ServerMetrics(ConnectionServices services)
    {
        _services = services;
        _page = new MetricsPage(instrument => instrument.Meter == _meter || IsOfProcess(instrument));
        AddServer(services.Facts);
        AddWriting();
        AddSessions();
        AddFanout();
        AddConnections();
    }

    public string Write()
    {
        lock (_lock)
        {
            _connections = _services.Totals();
            return _page.Write();
        }
    }

    public void Dispose()
    {
        _page.Dispose();
        _meter.Dispose();
    }

    /// <summary>The framework's own, as far as they tell of the process: its memory, its processor time, and the collecting of garbage.</summary>
    private static bool IsOfProcess(Instrument instrument) =>
        instrument.Name is "dotnet.process.memory.working_set" or "dotnet.process.cpu.time" || instrument.Name.StartsWith("dotnet.gc.", StringComparison.Ordinal);

    private void AddServer(ServerFacts facts)
    {
        Gauges("tinyvex.build_info", "Always 1; what runs is in the labels.", () =>
            [new(1, [Label("version", facts.Version), Label("sqlite", facts.SqliteVersion)])]);
        Gauge("tinyvex.uptime", "Time since the start.", () => (_services.Time.GetUtcNow().ToUnixTimeMilliseconds() - facts.StartedAt) / 1000.0, "s");
        Gauge("tinyvex.database", "Size of the database file.", () => facts.DatabaseBytes, "By");
        Gauge("tinyvex.wal", "Size of the WAL beside it.", () => facts.WalBytes, "By");
        Gauge("tinyvex.store_writable", "1 while the store takes writes, 0 while it does not.", () => _services.Writer.Trouble is null ? 1 : 0);
    }

    private void AddWriting()
    {
        var (writer, counts) = (_services.Writer, _services.Writer.Counts);
        Counter("tinyvex.commits", "Transactions committed.", () => counts.Commits);
        Counter("tinyvex.rollbacks", "Transactions undone, whose writes were tried again, kept or refused.", () => counts.Rollbacks);
        Counter("tinyvex.events", "Events added to the log.", () => counts.Events);
        _page.Add("tinyvex_commit_duration_seconds", "Time that a transaction took.", counts.CommitSeconds);
        _page.Add("tinyvex_commit_commands", "Commands that were committed together.", counts.CommitCommands);
        Counters("tinyvex.writes_refused", "Writes refused by the writer, those of agents included.", "code", ByCode(counts.Refused));
        Gauge("tinyvex.writer_queue", "What the commands that wait for the writer weigh.", () => writer.Queued.Bytes, "By");
        Gauge("tinyvex.writer_queue_commands", "Commands that wait for the writer.", () => writer.Queued.Commands);
        Counters("tinyvex.runs_ended", "Runs that ended, those that a crash had left open included.", "status", () => counts.RunsEnded);
    }

    private void AddSessions()
    {
        var sessions = _services.Sessions;
        Gauge("tinyvex.agents", "Agents that live, start or end.", () => sessions.RunningAgents);
        Gauge("tinyvex.runs_running", "Runs under way.", () => sessions.RunningRuns);
        Gauge("tinyvex.runs_queued", "Runs that wait for the one before them.", () => sessions.QueuedRuns);
        Gauge("tinyvex.permissions_pending", "Requests for permission that agents wait for.", () => sessions.PermissionsPending);
        Gauge("tinyvex.elicitations_pending", "Questions to a person, beside permissions, that agents wait for.", () => sessions.ElicitationsPending);
    }

    private void AddFanout()
    {
        var (snapshots, batches) = (_services.Snapshots, _services.Batches);
        Counter("tinyvex.updates", "Updates published, each counted once however many read it.", () => _services.Hub.Published);
        Counters("tinyvex.snapshots", "Snapshots sent: read from the store, or shared with one who had asked for the same.", "source", () =>
            [("read", snapshots.Read), ("shared", snapshots.Shared)]);
        Counters("tinyvex.log_reads", "Pieces of the log for readers that are behind: read from the store, or shared.", "source", () =>
            [("read", batches.Read), ("shared", batches.Shared)]);
        Counter("tinyvex.chunks_merged", "Chunks that went to a reader that was behind as part of another one's update.", () => _services.Counts.ChunksMerged);
    }

    private void AddConnections()
    {
        var (counts, tokens) = (_services.Counts, _services.TokenFailures);
        Gauges("tinyvex.connections", "Connections by mode.", () =>
            [new(_connections.Sync, Label("mode", "sync")), new(_connections.Broadcast, Label("mode", "broadcast"))]);
        Gauge("tinyvex.subscriptions", "Subscriptions of all connections, broadcast mode counted as one each.", () => _connections.Subscriptions);
        Gauge("tinyvex.readers_behind", "Subscriptions whose next update is no longer in memory.", () => _connections.Behind);
        Counter("tinyvex.connections_opened", "Connections that were let in.", () => counts.ConnectionsOpened);
        Counter("tinyvex.connections_turned_away", "Connections refused since there were too many.", () => counts.ConnectionsTurnedAway);
        Counter("tinyvex.connections_given_up", "Connections closed since their client took nothing.", () => counts.ConnectionsGivenUp);
        Counter("tinyvex.received", "Bytes received on WebSockets.", () => counts.ReceivedBytes, "By");
        Counter("tinyvex.sent", "Bytes sent on WebSockets.", () => counts.SentBytes, "By");
        Counter("tinyvex.requests", "Requests received.", () => counts.Requests);
        Counters("tinyvex.requests_refused", "Requests answered with an error.", "code", ByCode(counts.Refused));
        Counters("tinyvex.tokens_refused", "Clients without the right token: refused, or turned away since there were too many.", "answer", () =>
            [("refused", tokens.Refused), ("turned_away", tokens.TurnedAway)]);
    }

    private void Counter(string name, string description, Func<long> value, string? unit = null) => _meter.CreateObservableCounter(name, value, unit, description);

    private void Counters(string name, string description, string label, Func<(string Value, long Count)[]> values) => _meter.CreateObservableCounter(
        name, () => values().Select(one => new Measurement<long>(one.Count, Label(label, one.Value))), unit: null, description);

    private void Gauge(string name, string description, Func<double> value, string? unit = null) => _meter.CreateObservableGauge(name, value, unit, description);

    private void Gauges(string name, string description, Func<Measurement<double>[]> values) => _meter.CreateObservableGauge(name, values, unit: null, description);

    private static Func<(string, long)[]> ByCode(Func<ErrorCode, long> count) => () => Array.ConvertAll(Codes, code => (code.Wire(), count(code)));

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
