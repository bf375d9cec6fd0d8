using System.Globalization;

namespace Tinyvex.Cli.Terminal;

internal static class Plural
{
    /// <summary>A number and what it counts: 1 message, 1,204 messages.</summary>
    public static string Of(long count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? "" : "s")}");
}
