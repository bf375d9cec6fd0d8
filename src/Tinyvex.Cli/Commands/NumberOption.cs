using System.CommandLine;
using System.Globalization;

namespace Tinyvex.Cli.Commands;

/// <summary>Options that are numbers: what is none is told as such, where the library would name a type of .NET.</summary>
internal static class NumberOption
{
    public static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0) return count;
            result.AddError($"{name} is a number, 1 or more; '{text}' is not");
            return null;
        },
    };

    /// <param name="least">The least that it may be.</param>
    /// <param name="range">How what it may be is said: at most an hour.</param>
    public static Option<TimeSpan?> Seconds(string name, TimeSpan least, string range, string description) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= 3600
                && TimeSpan.FromSeconds(seconds) is var time && time >= least) return time;
            result.AddError($"{name} is a number of seconds, {range}; '{text}' is not");
            return null;
        },
    };
}
