using System.CommandLine;

namespace Tinyvex.Cli.Commands;

/// <summary>Options that many verbs have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json(string what) => new("--json") { Description = $"Print JSON for programs: {what}." };

    /// <summary>How a thread is named.</summary>
    public const string ThreadNames = "by its id, the beginning or end of it, or 'last'";

    public static Argument<string> Thread() => new("thread") { Description = $"A thread, {ThreadNames}.", HelpName = "THREAD" };

    /// <summary>One or more; named as the one is, so that a shell completes them alike.</summary>
    public static Argument<string[]> Threads() => new("thread") { Description = $"One thread or several, each {ThreadNames}.", HelpName = "THREAD", Arity = ArgumentArity.OneOrMore };

    public static Option<int?> Limit(int fallback, string what)
    {
        var limit = NumberOption.Count("--limit", what);
        limit.DefaultValueFactory = _ => fallback;
        return limit;
    }
}
