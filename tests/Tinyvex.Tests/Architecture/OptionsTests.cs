using System.Reflection;
using System.Text.RegularExpressions;

namespace Tinyvex.Tests.Architecture;

/// <summary>A bound that nobody can explain is one that nobody dares to change.</summary>
public class OptionsTests
{
    [Test]
    public async Task Every_bound_says_why_it_is_what_it_is()
    {
        var text = Repository.Read($"{Repository.Server}/TinyvexOptions.cs");
        await Repository.NoneOf(
            from bound in Bounds()
            let comment = Regex.Match(text, $@"<summary>([^\n]*)</summary>\n    public \w+ {bound.Name} ").Groups[1].Value
            where !GivesReason(comment)
            select $"{bound.Name}: '{comment}' gives no reason");
    }

    [Test]
    public async Task Every_bound_bounds_something()
    {
        var code = string.Concat(Repository.Sources("src").Where(file => !file.EndsWith("/TinyvexOptions.cs", StringComparison.Ordinal)).Select(Repository.Code));
        await Repository.NoneOf(Bounds().Where(bound => !Regex.IsMatch(code, $@"ptions\.{bound.Name}\b")).Select(bound => $"{bound.Name} is used nowhere"));
    }

    /// <summary>Numbers and times, except the address.</summary>
    private static List<PropertyInfo> Bounds() =>
    [
        .. typeof(TinyvexOptions).GetProperties().Where(property =>
            (property.PropertyType == typeof(int) || property.PropertyType == typeof(TimeSpan)) && property.Name != nameof(TinyvexOptions.Port)),
    ];

    /// <summary>What it bounds, and behind a colon, a semicolon or a "since" why so.</summary>
    private static bool GivesReason(string comment) => Regex.IsMatch(comment, @"\S(: |; |, since | because | so that ).*\w");
}
