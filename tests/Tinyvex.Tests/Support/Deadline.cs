using System.Diagnostics;

namespace Tinyvex.Tests.Support;

/// <summary>Waiting on conditions, with an end.</summary>
internal static class Deadline
{
    /// <summary>Far beyond what anything takes, since test machines are slow and shared.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static CancellationToken Token(TimeSpan? limit = null) => new CancellationTokenSource(limit ?? Long).Token;

    /// <summary>Waits until a condition holds, and fails with <paramref name="what"/> when it does not in time.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (limit ?? Long)) throw new TimeoutException($"not within {limit ?? Long}: {what}");
            await Task.Delay(10);
        }
    }
}
