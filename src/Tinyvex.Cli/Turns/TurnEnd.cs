using System.Globalization;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Turns;

/// <summary>What is said when a turn is over: why it ended otherwise than it should, and how to go on.</summary>
internal static class TurnEnd
{
    public static void PrintOutcome(RunOutcome outcome)
    {
        if (outcome.ErrorMessage is { } error) Screen.Error.WriteLine(Screen.Error.Red(Printable.Text(error)));
        else if (outcome.Status == "cancelled") Screen.Error.WriteLine(Screen.Error.Yellow("The turn was cancelled."));
        else if (outcome.ExitCode == RunOutcome.EndedEarly) Screen.Error.WriteLine(Screen.Error.Yellow($"The turn ended early: {Reason(outcome.StopReason!)}."));
    }

    /// <summary>The thread, what the turn took, and how to go on with it.</summary>
    /// <param name="database">The database that the thread is in.</param>
    public static void PrintSummary(Screen screen, string database, TurnClient turn, int toolCalls)
    {
        if (!screen.IsTerminal || turn.ThreadId is null) return;
        var facts = new List<string> { $"thread {Printable.Line(turn.ThreadId)}", Duration.Text(turn.Took) };
        if (toolCalls > 0) facts.Add(Plural.Of(toolCalls, "tool call"));
        if (turn.Usage is { } usage) facts.Add(string.Create(CultureInfo.InvariantCulture, $"{usage.Used:N0} of {usage.Size:N0} tokens"));
        screen.WriteLine();
        screen.WriteLine(screen.Dim($"{string.Join(" · ", facts)}. Go on with: tinyvex run -c{DataDirectory.Arguments(database)} \"…\""));
    }

    private static string Reason(string stopReason) => stopReason switch
    {
        "refusal" => "the agent refuses to go on (refusal)",
        "max_tokens" => "the model's limit of tokens is reached (max_tokens)",
        "max_turn_requests" => "the agent's limit of requests in one turn is reached (max_turn_requests)",
        _ => Printable.Line(stopReason),
    };
}
