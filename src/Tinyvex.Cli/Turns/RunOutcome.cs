using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>What came of a run, and the exit code that says so.</summary>
internal sealed record RunOutcome
{
    public const int Completed = 0;
    public const int Failed = 1;
    public const int EndedEarly = 6;

    /// <summary>As shells report them: 128 and the number of the signal.</summary>
    public const int HungUp = 129;
    public const int Cancelled = 130;
    public const int NobodyReads = 141;
    public const int Terminated = 143;

    public required int ExitCode { get; init; }

    /// <summary>The run's status; null where it never became one, or its end was not seen.</summary>
    public string? Status { get; init; }

    public string? StopReason { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <param name="run">The row of a run that has ended.</param>
    /// <param name="wasCancelled">Whether someone pressed Ctrl-C: an agent that got it too may have gone down in its own way.</param>
    public static RunOutcome Of(JsonElement run, bool wasCancelled)
    {
        var status = run.Text("status");
        var stopReason = run.Text("stopReason");
        var error = run.TryGetProperty("error", out var given) ? given : default;
        return new RunOutcome
        {
            Status = status,
            StopReason = stopReason,
            ErrorCode = error.Text("code"),
            ErrorMessage = error.Text("message"),
            ExitCode = (status, stopReason) switch
            {
                ("completed", null or "end_turn") => Completed,
                ("completed", _) => EndedEarly,
                ("cancelled", _) => Cancelled,
                _ => wasCancelled ? Cancelled : Failed,
            },
        };
    }
}
