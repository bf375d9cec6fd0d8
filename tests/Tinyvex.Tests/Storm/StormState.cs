using System.Net.WebSockets;
using System.Threading.Channels;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>What all who take part in a storm share.</summary>
internal sealed class StormState(Chaos chaos)
{
    private readonly Lock _lock = new();

    public Ledger Ledger { get; } = new();

    public Chaos Chaos => chaos;

    /// <summary>Whether all is written, and clients need only catch up.</summary>
    public bool IsStill { get; set; }

    public bool HasFailed => Failure is not null;

    /// <summary>The first thing that went wrong, and who saw it.</summary>
    public string? Failure { get; private set; }

    public string[] History { get; private set; } = [];

    public int Resumes { get; set; }

    public int Resets { get; set; }

    public int Connections { get; set; }

    public int Frames { get; set; }

    public void Fail(string who, string what, IEnumerable<string>? history = null)
    {
        lock (_lock)
        {
            if (Failure is not null) return;
            Failure = $"{who}: {what}";
            History = [.. history ?? []];
        }
    }

    public void Count(Action<StormState> count)
    {
        lock (_lock) count(this);
    }

    /// <summary>Connects, as soon as there is a server again.</summary>
    public async Task<TestClient> ConnectAsync()
    {
        TestClient? client = null;
        await RetryAsync(async () => client = await TestClient.ConnectAsync(chaos.Ws, configure: Chaos.Authorize));
        return client!;
    }

    public async Task RetryAsync(Func<Task> connect)
    {
        var limit = Deadline.Token(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                await connect();
                return;
            }
            catch (Exception exception) when (IsEndOfServer(exception) && !limit.IsCancellationRequested && !HasFailed)
            {
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    public static bool IsEndOfServer(Exception exception) => exception is WebSocketException or HttpRequestException or InvalidOperationException or IOException
        or ChannelClosedException or ObjectDisposedException or System.Net.Sockets.SocketException or OperationCanceledException;

    /// <summary>Does one part's work, whose first failure ends the storm.</summary>
    public async Task RunAsync(string who, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            Fail(who, exception is Contradiction ? exception.Message : exception.ToString());
        }
    }
}
