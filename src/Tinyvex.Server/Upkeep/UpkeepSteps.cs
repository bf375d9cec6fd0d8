using Tinyvex.Writing;

namespace Tinyvex.Upkeep;

/// <summary>Has the writer do upkeep step by step, with pauses between them in which it does other work.</summary>
internal sealed class UpkeepSteps(Writer writer, TimeProvider time)
{
    /// <summary>A pause is so many times as long as the step before it: upkeep takes a quarter of the writer's time at most.</summary>
    private const int PauseFactor = 3;

    /// <summary>The shortest pause: one that is not felt, and lets a write that waits go first.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether to go on without pauses: the server stops, and nobody else writes.</summary>
    public bool InHaste { get; set; }

    /// <summary>Takes steps until none is needed, and answers how many there were.</summary>
    /// <param name="step">Makes the next step, given where it is to begin; null at first.</param>
    /// <exception cref="TinyvexException">The writer refused one.</exception>
    public async Task<long> TakeAsync(Func<long?, Action<WriteOutcome>, WriteCommand> step, CancellationToken cancellationToken)
    {
        long? from = null;
        for (var count = 1L; ; count++)
        {
            var started = time.GetTimestamp();
            var outcome = await writer.WriteAsync(done => step(from, done));
            if (outcome.Error is { } error) throw error;
            from = ((UpkeepOutcome)outcome).GoOnFrom;
            if (from is null) return count;
            var pause = time.GetElapsedTime(started) * PauseFactor;
            if (!InHaste) await Task.Delay(pause > LeastPause ? pause : LeastPause, time, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
