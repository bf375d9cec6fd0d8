using System.CommandLine;

namespace Tinyvex.Cli.Commands;

/// <summary>Options that many verbs have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json(string what) => new("--json") { Description = $"Print JSON for programs: {what}." };

    /// <summary>How a thread is named.</summary>
    public const string ThreadNames = "by its id, the beginning or end of it, or 'last'";

    public static Argument<string> Thread() => new("thread") { Description = $"A thread, {ThreadNames}.", HelpName = "THREAD" };

    public static Option<int> Limit(int fallback, string what)
    {
        var limit = new Option<int>("--limit") { Description = what, HelpName = "N", DefaultValueFactory = _ => fallback };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--limit is a number, 1 or more");
        });
        return limit;
    }
}
