using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Tinyvex.Connections;
using Tinyvex.Contract.Lines;
using Tinyvex.Fanout;
using Tinyvex.Pages;
using Tinyvex.Requests;
using Tinyvex.Rows;
using Tinyvex.Sessions;
using Tinyvex.Storage;
using Tinyvex.Upkeep;
using Tinyvex.Writing;

namespace Tinyvex.Hosting;

/// <summary>The composition: builds the stages in the order of the flow, and ends them in the reverse.</summary>
internal sealed partial class TinyvexServer : IAsyncDisposable
{
    /// <summary>Files that are no connections: the database, its readers, agents with three pipes each.</summary>
    private const int OtherFiles = 500;

    private readonly IDisposable? _fileSizeLimit = FileSizeLimit.LetWritesFail();
    private readonly InstanceLock _lock;
    private readonly Store _store;
    private readonly Checkpointer _checkpointer;
    private readonly Writer _writer;
    private readonly Hub _hub;
    private readonly SessionRegistry _sessions;
    private readonly UpkeepLoop _upkeep;
    private readonly Listener _listener;
    private readonly TinyvexOptions _options;
    private readonly TimeProvider _time;
    private readonly ServerFacts _facts;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<Task> _stop;
    private ConnectionServices? _services;
    private LineConnection? _lines;
    private bool _started;

    private TinyvexServer(InstanceLock instance, Store store, Listener listener, TinyvexOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _lock = instance;
        _listener = listener;
        _time = time;
        _stop = new Lazy<Task>(StopAsync);
        _store = store;
        _options = options;
        _logger = loggers.CreateLogger("Tinyvex");
        _checkpointer = new Checkpointer(store.Files, store.Writer, _logger);
        _hub = new Hub(store.Identity, store.LastEvent());
        _writer = new Writer(store.Writer, store.Files, _hub.Publish, options, time, _logger);
        _upkeep = new UpkeepLoop(_writer, store.Readers, _checkpointer, () => _hub.LastDeletion, options, time, _logger);
        _sessions = new SessionRegistry(_writer, store.Readers, options, TinyvexVersion.Text, time, _logger);
        _facts = new ServerFacts
        {
            Version = TinyvexVersion.Text,
            SqliteVersion = TinyvexVersion.Sqlite,
            StartedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
            DatabasePath = store.Path,
        };
    }

    public Uri Url => _listener.Url;

    public ReadyLine Ready => new()
    {
        Url = Url.GetLeftPart(UriPartial.Authority),
        Ws = $"ws://{Url.Authority}/ws",
        Port = Url.Port,
        Token = _options.TokenIsOurs ? _options.Token : null,
        Pid = Environment.ProcessId,
        Version = _facts.Version,
        StoreId = _store.Identity.StoreId,
        Db = _store.Path,
    };

    /// <summary>Ends when a client has asked the server to stop; whoever started it then disposes it.</summary>
    public Task StopRequested => _stopRequested.Task;

    /// <summary>WebSockets not yet let go of, those that were given up included.</summary>
    internal int OpenSockets => _listener.OpenSockets;

    /// <summary>Statements compiled so far, by the writer and by the readers: constant in steady state.</summary>
    internal long Prepares => _writer.Prepares + _store.Readers.Prepares;

    /// <summary>Read transactions so far.</summary>
    internal long Reads => _store.Readers.Reads;

    /// <summary>Opens the database, takes up what an earlier life left open, and listens.</summary>
    /// <exception cref="AlreadyRunningException">Another server holds the database.</exception>
    /// <exception cref="StartupException">The database or the address cannot be used.</exception>
    /// <param name="transport">What brings connections; null for plain sockets.</param>
    public static async Task<TinyvexServer> StartAsync(
        TinyvexOptions options, TimeProvider time, ILoggerFactory loggers, IConnectionListenerFactory? transport = null)
    {
        OpenFiles.Allow(options.MaxConnections + OtherFiles);
        // The two halves of a start need nothing of each other, until the first request.
        var binding = Task.Run(() => BindAsync(options, time, loggers, transport ?? new SocketTransport(time)));
        InstanceLock? instance = null;
        Store? store = null;
        TinyvexServer server;
        try
        {
            SQLitePCL.Batteries_V2.Init();
            var path = DataDirectory.Prepare(options.DatabasePath);
            InspectUnlessInUse(path);
            instance = TakeLock(path);
            store = Store.Open(path, time, options.Durability);
            // Last, as what is wrong with the database is told first: a server that runs already has the address too.
            server = new TinyvexServer(instance, store, await binding, options, time, loggers);
        }
        catch
        {
            await ((Task)binding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (binding.IsCompletedSuccessfully) await (await binding).DisposeAsync();
            if (store is not null) await store.DisposeAsync();
            store?.Writer.Dispose();
            instance?.Dispose();
            throw;
        }

        try
        {
            await server.StartAsync();
            instance.Keep = true;
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task<Listener> BindAsync(TinyvexOptions options, TimeProvider time, ILoggerFactory loggers, IConnectionListenerFactory transport)
    {
        var listener = new Listener(options, time, loggers, transport);
        try
        {
            await listener.BindAsync();
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync()
    {
        if (_store.Backup is { } backup) LogMigrated(_store.Path, backup);
        ForgetKilledServer();
        _writer.Start();
        var recovered = await _writer.WriteAsync(
            done => new CloseOpenWork { RunStatus = RunStatus.Failed, Reason = "the server ended while this run was open", Completed = done });
        if (recovered.Error is { } error)
        {
            throw error.InnerException is { } cause ? DatabaseFile.Explain(_store.Path, cause) : new StartupException(ExitCode.InternalError, error.Message, error);
        }

        _services = new ConnectionServices(
            _options, _store.Identity, _writer, _store.Readers, _hub, _sessions, _facts, _time, _logger, _listener.Totals, () => _stopRequested.TrySetResult());
        _listener.Serve(_services);
        WriteRuntimeFile();
        _upkeep.Start();
        _started = true;
        LogListening(Ready.Url, _store.Path);
    }

    /// <summary>The console's address with a new one-time code, which lets in whoever opens it first.</summary>
    public string NewConsoleLink() =>
        ConsoleLink.Of(Ready.Url, (_services ?? throw new InvalidOperationException("the server has not started")).Codes.Make().Code);

    /// <summary>Takes requests from the program that started the server, and answers it, a line each. Ends with the input.</summary>
    public Task ServeLines(Stream input, Stream output)
    {
        _lines = new LineConnection(_services ?? throw new InvalidOperationException("the server has not started"), input, output);
        _lines.Start();
        return _lines.InputEnded;
    }

    private void WriteRuntimeFile()
    {
        var ready = Ready;
        var file = new RuntimeFile
        {
            Url = ready.Url,
            Ws = ready.Ws,
            Token = _options.Token,
            Pid = ready.Pid,
            StartedAt = _facts.StartedAt,
            StoreId = ready.StoreId,
        };
        try
        {
            file.Write(_store.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DatabaseFile.Explain(RuntimeFile.PathOf(_store.Path), exception);
        }
    }

    /// <summary>A runtime file whose server is gone would send others to an address where nobody, or somebody else, is.</summary>
    private void ForgetKilledServer()
    {
        if (!File.Exists(RuntimeFile.PathOf(_store.Path))) return;
        LogKilledServer(_store.Path, RuntimeFile.Read(_store.Path)?.Pid);
        RuntimeFile.Delete(_store.Path);
    }

    /// <summary>
    /// Stops in the reverse of the flow: no new connections, agents ended, what is open made final, clients told, the WAL brought
    /// into the file. Takes at most 3 s. Whoever calls it later waits for the same end.
    /// </summary>
    public async ValueTask DisposeAsync() => await _stop.Value;

    private async Task StopAsync()
    {
        if (_started) LogStopping();
        // A store that fails holds up no session, and with it the stop.
        _writer.StopKeeping();
        // One that fails keeps the others from nothing, least of all the store.
        await TryAsync(() => _sessions.StopAsync());
        if (_started) await TryAsync(() => _upkeep.DisposeAsync().AsTask());
        await TryAsync(CloseOpenWorkAsync);
        if (_lines is { } lines) await TryAsync(() => lines.EndAsync(TimeSpan.FromSeconds(1)));
        await TryAsync(() => _listener.StopAsync(TimeSpan.FromSeconds(1)));
        await TryAsync(() => _listener.DisposeAsync().AsTask());
        await TryAsync(() => _sessions.DisposeAsync().AsTask());
        await _store.DisposeAsync();
        await _checkpointer.DisposeAsync();
        await _writer.DisposeAsync();
        _hub.Dispose();
        RuntimeFile.Delete(_store.Path);
        _lock.Dispose();
        _fileSizeLimit?.Dispose();
        if (_started) LogStopped();
    }

    /// <summary>The last write: what comes after it is refused, so that nothing is opened again.</summary>
    private async Task CloseOpenWorkAsync()
    {
        // A writer that never started has nothing open.
        if (!_started) return;
        var done = new TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _writer.EndWith(new CloseOpenWork { RunStatus = RunStatus.Cancelled, Reason = "the server was stopped", Completed = done.SetResult });
        if ((await done.Task).Error is { } error) throw error;
    }

    private async Task TryAsync(Func<Task> stop)
    {
        try
        {
            await stop();
        }
        catch (Exception exception)
        {
            LogStopFailed(exception);
        }
    }

    /// <summary>Before the lock is taken, whose file has no business beside one that is not ours.</summary>
    private static void InspectUnlessInUse(string path)
    {
        try
        {
            _ = DatabaseFile.Inspect(path);
        }
        catch (StartupException) when (File.Exists(InstanceLock.PathOf(path)))
        {
            // A server that makes the file at this moment leaves it half written in between. Who has the lock looks again.
        }
    }

    private static InstanceLock TakeLock(string path)
    {
        try
        {
            return InstanceLock.TryTake(path) ?? throw new AlreadyRunningException(path, RuntimeFile.Read(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DatabaseFile.Explain(path, exception);
        }
    }

    [LoggerMessage(EventId = LogEvents.Listening, Level = LogLevel.Information, Message = "Listening on {Url}, database {Database}")]
    private partial void LogListening(string url, string database);

    [LoggerMessage(EventId = LogEvents.Migrated, Level = LogLevel.Information, Message = "Upgraded {Database}; the file as it was is {Backup}")]
    private partial void LogMigrated(string database, string backup);

    [LoggerMessage(EventId = LogEvents.StaleRuntimeFile, Level = LogLevel.Warning, Message = "The server before on {Database}, process {Pid}, was killed")]
    private partial void LogKilledServer(string database, int? pid);

    [LoggerMessage(EventId = LogEvents.Stopping, Level = LogLevel.Information, Message = "Stopping")]
    private partial void LogStopping();

    [LoggerMessage(EventId = LogEvents.Stopped, Level = LogLevel.Information, Message = "Stopped")]
    private partial void LogStopped();

    [LoggerMessage(EventId = LogEvents.StopFailed, Level = LogLevel.Error, Message = "A part of the stop failed; the next start makes up for it")]
    private partial void LogStopFailed(Exception exception);
}
