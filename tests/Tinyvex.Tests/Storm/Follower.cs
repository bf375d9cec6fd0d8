using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>
/// A client that follows threads: it connects, reads quickly, slowly or not at all, subscribes and unsubscribes, pages through lists, drops
/// its connection, and comes back with any cursor that it was ever given. It checks all that it is sent.
/// </summary>
internal sealed partial class Follower(StormState storm, string name, bool isBroadcast, Random random) : IDisposable
{
    private const int MostSubscriptions = 8;
    private const int MostHistory = 150;

    private static readonly string[] Streams = ["thread", "thread", "messages", "messages", "tool_calls", "plan", "state", "runs", "permissions"];

    private readonly Dictionary<string, Followed> _followed = [];
    private readonly Dictionary<string, Action<JsonElement>> _waiting = [];
    private readonly HashSet<string> _fetching = [];
    private readonly Queue<Func<Task>> _later = new();
    private readonly Queue<string> _history = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private ClientWebSocket _socket = null!;
    private HttpMessageInvoker _invoker = null!;
    private Task<JsonElement?>? _next;
    private int _lastId;

    /// <summary>Follows until all is written; then until its views are the store's.</summary>
    /// <param name="contents">What the store holds in the end, once that is known.</param>
    public async Task RunAsync(Task<StoreContents> contents)
    {
        try
        {
            while (!contents.IsCompleted && !storm.HasFailed) await OnceAsync(contents);
            if (!storm.HasFailed) await EndAsync(await contents);
        }
        catch (Exception exception)
        {
            storm.Fail(name, exception is Contradiction ? exception.Message : exception.ToString(), _history);
        }
    }

    /// <summary>One connection.</summary>
    private async Task OnceAsync(Task<StoreContents> contents)
    {
        try
        {
            await ConnectAsync();
            var steps = random.Next(4) == 0 ? random.Next(30) : random.Next(2_000);
            for (var step = 0; step < steps && !contents.IsCompleted && !storm.HasFailed; step++)
            {
                if (!await StepAsync()) return;
                if (random.Next(40) == 0) await ActAsync(contents);
            }

            // In the end some stay connected, and others come back.
            if (!contents.IsCompleted || random.Next(2) == 0) await DropAsync();
        }
        catch (Exception exception) when (StormState.IsEndOfServer(exception))
        {
            await DropAsync();
        }
    }

    private async Task EndAsync(StoreContents contents)
    {
        var limit = Deadline.Token(TimeSpan.FromSeconds(60));
        string? difference = null;
        try
        {
            while (!storm.HasFailed)
            {
                if (_socket.State != WebSocketState.Open) await ConnectAsync();
                // Compared when nothing more comes for a moment, which may be too early.
                while (await StepAsync() && _next is null or { IsCompleted: true }) limit.ThrowIfCancellationRequested();
                difference = _followed.Values.Select(one => one.IsLive ? Difference(one, contents) : $"{one.Name} is not answered").FirstOrDefault(one => one is not null);
                if (difference is null && _waiting.Count == 0) return;
                limit.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            throw new Contradiction($"in the end {difference}");
        }
    }

    private static string? Difference(Followed followed, StoreContents contents) =>
        followed.View.DiffersFrom(contents.Of(followed), followed.FloorKey) is { } difference ? $"{followed.Name}: {difference}" : null;

    private async Task ConnectAsync()
    {
        await DropAsync();
        await storm.RetryAsync(async () =>
        {
            _socket = new ClientWebSocket();
            if (isBroadcast) _socket.Options.AddSubProtocol("tinyvex.broadcast.v1");
            else _socket.Options.AddSubProtocol("tinyvex.v1");
            Chaos.Authorize(_socket.Options);
            _invoker?.Dispose();
            _invoker = new HttpMessageInvoker(NarrowHandler.Create(random.Next(2) == 0 ? 4 * 1024 : 256 * 1024));
            await _socket.ConnectAsync(storm.Chaos.Ws, _invoker, Deadline.Token());
        });
        storm.Count(all => all.Connections++);
        Note("connected");
        if (isBroadcast)
        {
            if (!_followed.TryGetValue(Followed.Everything, out var all)) _followed.Add(Followed.Everything, all = new Followed(Followed.Everything, null, random));
            all.Begin();
            return;
        }

        foreach (var followed in _followed.Values.ToList())
        {
            if (!followed.IsEnding && (storm.IsStill || random.Next(10) > 0)) await SubscribeAsync(followed);
            else _followed.Remove(followed.Name);
        }

        while (_followed.Count < 2) await FollowAsync();
    }

    private async Task DropAsync()
    {
        _socket?.Abort();
        if (_next is not null) await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket?.Dispose();
        _next = null;
        _waiting.Clear();
        _later.Clear();
        _fetching.Clear();
        foreach (var followed in _followed.Values) followed.ConnectionEnded();
        Note("dropped");
    }

    /// <summary>Takes a frame where there is one; false once the connection has ended.</summary>
    private async Task<bool> StepAsync()
    {
        _next ??= ReadAsync();
        if (await Task.WhenAny(_next, Task.Delay(20)) != _next) return true;
        if (await _next is not { } frame) return false;
        _next = null;
        storm.Count(all => all.Frames++);
        Note(frame.GetRawText());
        try
        {
            Take(frame);
        }
        catch (Contradiction wrong)
        {
            throw new Contradiction($"{wrong.Message}, in {Wire.Shorten(frame.GetRawText())}");
        }

        while (_later.TryDequeue(out var ask)) await ask();
        foreach (var followed in _followed.Values)
        {
            if (isBroadcast || !followed.IsLive) continue;
            foreach (var (key, query, args) in followed.View.Cut.ToList())
            {
                if (_fetching.Add($"{followed.Name} {key}")) await FetchAsync(followed, key, query, args);
            }
        }

        return true;
    }

    private void Take(JsonElement frame)
    {
        if (frame.TryGetProperty("id", out var id))
        {
            if (!_waiting.Remove(id.GetString()!, out var answered)) throw new Contradiction("an answer to nothing");
            answered(frame);
            return;
        }

        if (frame.Text("type") is not ("tinyvex.update" or "tinyvex.finalize")) throw new Contradiction("no such frame was asked for");
        // What is shown is stored: the file has it already.
        if (random.Next(8) == 0 && frame.TryGetProperty("cursor", out var cursor) && Followed.PositionOf(cursor.GetString()!) is var position
            && storm.Chaos.Committed() is var committed && position > committed) throw new Contradiction($"{position} is shown, and {committed} committed");
        var covering = _followed.Values.Where(one => one.IsLive && one.Covers(frame)).ToList();
        var isShared = covering.Count > 1 || _followed.Values.Any(one => one.IsAskedAnew && one.Covers(frame));
        if (covering.Count == 0 && !isShared) throw new Contradiction("an update of nothing that is followed");
        if (!isShared && covering[0].LeadsBack(frame)) throw new Contradiction("a cursor that leads back");
        // Which of several subscriptions tells of the end of a thread is not known, and so neither what of it is to be dropped.
        if (frame.Has("deleted") && isShared)
        {
            _later.Enqueue(() => SubscribeAnewAsync(covering));
            return;
        }

        foreach (var followed in covering)
        {
            try
            {
                followed.Apply(frame, isShared);
            }
            catch (Contradiction) when (!isBroadcast && frame.TryGetProperty("threadId", out var thread) && storm.Ledger.MayReset("messages", thread.GetString(), followed.Position))
            {
                // What was missed of a thread that is deleted by now is not in the log any more; that it is deleted comes next.
                _later.Enqueue(() => SubscribeAnewAsync([followed]));
            }
        }
    }

    /// <summary>Reads a frame; null once the server has closed.</summary>
    private async Task<JsonElement?> ReadAsync()
    {
        var message = new MemoryStream();
        while (true)
        {
            var result = await _socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close) return null;
            message.Write(_buffer, 0, result.Count);
            if (result.EndOfMessage) return JsonDocument.Parse(message.GetBuffer().AsMemory(0, (int)message.Length)).RootElement;
        }
    }

    private Task AskAsync(string fields, Action<JsonElement> answered)
    {
        var id = $"f{++_lastId}";
        _waiting.Add(id, answered);
        var request = $"{{\"id\":\"{id}\",{fields}}}";
        Note(request);
        return _socket.SendAsync(Encoding.UTF8.GetBytes(request), WebSocketMessageType.Text, true, Deadline.Token());
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _invoker?.Dispose();
    }

    private void Note(string what)
    {
        if (_history.Count == MostHistory) _history.Dequeue();
        _history.Enqueue(Wire.Shorten(what));
    }
}
