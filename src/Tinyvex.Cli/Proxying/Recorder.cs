using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>
/// Tells the server what passes, in its order and each thing once, also where the connection or the server is lost on the way. What each
/// thing is as requests is in Recorder.Entries.cs; this is the connection, its loss and its return.
/// </summary>
internal sealed partial class Recorder : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Between two looks for a server: a person who has started one sees the threads appear soon.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>A server that was stopped on purpose is not replaced at once: whoever did it wants the database for a moment.</summary>
    private static readonly TimeSpan StoppedPatience = TimeSpan.FromSeconds(10);

    /// <summary>Before what the store could not take is sent again; it tries itself once a second.</summary>
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(1);

    /// <summary>As the server has it for agents of its own.</summary>
    private static readonly TimeSpan LateQuiet = TimeSpan.FromMilliseconds(500);

    private readonly AgentDefinition _agent;
    private readonly TinyvexOptions _options;
    private readonly AnswerRace _race;
    private readonly SharedOutput _toAgent;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly RecordQueue _queue;
    private readonly CancellationTokenSource _ended = new();
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private Task _running = Task.CompletedTask;
    private long _lastKey;
    private volatile StoreLink? _link;
    private bool _isAway;
    private int _saidFull;

    public Recorder(AgentDefinition agent, TinyvexOptions options, AnswerRace race, SharedOutput toAgent, ILoggerFactory loggers, TimeProvider time)
    {
        (_agent, _options, _race, _toAgent, _loggers, _time) = (agent, options, race, toAgent, loggers, time);
        _queue = new RecordQueue(PassingLimits.MaxWaitingBytes, time, _ => SayFull());
    }

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Takes note of something that passed; never waits.</summary>
    public void Note(RecordEntry entry)
    {
        _queue.Add(entry);
        // Nobody to ask who was first.
        if (entry is QuestionAnswered { Question: var question } && _link is not { IsAlive: true }) _race.DecideByEditor(question);
    }

    /// <summary>Stores what is left, for as long as it may take.</summary>
    public async Task FinishAsync(TimeSpan patience)
    {
        _queue.Complete();
        await Task.WhenAny(_running, Task.Delay(patience, _time));
        var left = 0;
        while (!_running.IsCompleted && _queue.Reader.TryRead(out _)) left++;
        if (left > 0) Say($"{left} messages could not be stored, as no server took them in time");
        await _ended.CancelAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            Task<bool>? readable = null;
            while (true)
            {
                if (_link is not { IsAlive: true } link)
                {
                    await ConnectAsync();
                    continue;
                }

                readable ??= _queue.Reader.WaitToReadAsync(_ended.Token).AsTask();
                var quiet = _late.Count > 0 ? Task.Delay(LateQuiet, _time) : null;
                await (quiet is null ? Task.WhenAny(readable, link.Ended) : Task.WhenAny(readable, link.Ended, quiet));
                if (!readable.IsCompleted)
                {
                    if (quiet is { IsCompleted: true }) await FinalizeLateAsync();
                    continue;
                }

                if (!await readable) return;
                readable = null;
                await TellNextAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the session.
        }
        catch (Exception bug)
        {
            Say($"this is a bug, and nothing more is stored of this session: {bug}");
        }
    }

    /// <summary>Tells the next thing, as often as it takes.</summary>
    private async Task TellNextAsync()
    {
        var entries = TakeNext();
        if (entries.Count == 0) return;
        while (true)
        {
            try
            {
                await TellAsync(entries);
                break;
            }
            catch (LinkLostException)
            {
                await ConnectAsync();
            }
            catch (RefusedException refused) when (refused.IsForNow)
            {
                await Task.Delay(RefusedPause, _time, _ended.Token);
            }
            catch (RefusedException refused)
            {
                Refused(entries, refused);
                break;
            }
        }

        foreach (var entry in entries) _queue.Done(entry);
    }

    /// <summary>Finds a server, or becomes one, and takes up there what is under way.</summary>
    private async Task ConnectAsync()
    {
        var mayStartAt = _time.GetUtcNow() + (_link is { WasStopped: true } ? StoppedPatience : TimeSpan.Zero);
        var pause = FirstPause;
        while (true)
        {
            try
            {
                if (_link is { } old)
                {
                    _link = null;
                    await old.DisposeAsync();
                }

                _ended.Token.ThrowIfCancellationRequested();
                _link = await StoreLink.OpenAsync(_options, _loggers, _time.GetUtcNow() >= mayStartAt, OnEvent, _ended.Token);
                await TakeUpAsync();
                if (_isAway) Say("the session is stored again");
                _isAway = false;
                return;
            }
            catch (Exception exception) when (exception is LinkLostException or RefusedException)
            {
                if (!_isAway) Say($"the session goes on and is kept in memory until a server takes it: {exception.Message}");
                _isAway = true;
            }

            // Not all proxies of a server that is gone at the same moment.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), _time, _ended.Token);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private Task<JsonElement> AskAsync(string control, Action<Utf8JsonWriter> fields) =>
        _link is { } link ? link.RequestAsync(control, fields) : throw new LinkLostException("there is no connection");

    private string NewKey() => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{++_lastKey}");

    private void SayFull()
    {
        if (Interlocked.Exchange(ref _saidFull, 1) == 0) Say("the server takes too long: the session goes on, and what it says now is not stored; its thread will say so");
    }

    /// <summary>Editors keep an agent's stderr as its log.</summary>
    private static void Say(string what) => Console.Error.WriteLine($"tinyvex: {Printable.Line(what)}");

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        if (_link is { } link) await link.DisposeAsync();
        _ended.Dispose();
    }
}
