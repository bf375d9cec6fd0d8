using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tinyvex.Fanout;
using Tinyvex.Protocol;
using Tinyvex.Queries;

namespace Tinyvex.Tests.Architecture;

/// <summary>docs/protocol.md says what the code does, as far as names, numbers and samples can tell.</summary>
public partial class ProtocolDocumentTests
{
    private const string Document = "docs/protocol.md";

    [Test]
    public async Task Every_sample_is_a_frame()
    {
        var samples = Samples();
        await Assert.That(samples.Count).IsGreaterThan(20);

        await Repository.NoneOf(samples.Where(sample => !IsFrame(sample)).Select(sample => "no frame: " + sample));
    }

    [Test]
    public async Task It_lists_the_controls() => await Assert.That(Names("## Requests")).IsEquivalentTo(Constants(typeof(Controls)));

    [Test]
    public async Task It_lists_the_streams() => await Assert.That(Names("## Subscriptions")).IsEquivalentTo(Constants(typeof(StreamName)));

    [Test]
    public async Task It_lists_the_error_codes() =>
        await Assert.That(Names("### Errors")).IsEquivalentTo(Enum.GetValues<ErrorCode>().Select(code => code.Wire()));

    [Test]
    public async Task It_lists_the_exit_codes() =>
        await Assert.That(Repository.Table(Document, "### Exit codes").Select(row => $"{row[0]} {row[1]}"))
            .IsEquivalentTo(Enum.GetValues<ExitCode>().Select(code => $"{(int)code} `{code}`"));

    [Test]
    public async Task It_lists_the_queries() => await Assert.That(Names("## Queries")).IsEquivalentTo(Queries());

    [Test]
    public async Task Its_limits_are_the_options()
    {
        var options = new TinyvexOptions { DatabasePath = "" };
        var rows = Repository.Table(Document, "## Limits").Where(row => row[3].Length > 0).ToList();
        await Assert.That(rows.Count).IsGreaterThan(10);

        await Repository.NoneOf(
            from row in rows
            let name = row[3].Trim('`')
            let value = Number(typeof(TinyvexOptions).GetProperty(name)?.GetValue(options))
            where value != Quantity(row[1])
            select $"{name} is {value}, not {row[1]}");
    }

    /// <summary>All frames and requests that the document shows.</summary>
    public static List<string> Samples() =>
        [.. Fence().Matches(Repository.Read(Document)).SelectMany(fence => fence.Groups[1].Value.TrimEnd('\n').Split('\n'))];

    /// <summary>The queries that the server answers.</summary>
    public static IEnumerable<string> Queries() =>
        QueryCase().Matches(Repository.Code($"{Repository.Server}/Requests/Query.cs")).Select(match => match.Groups[1].Success
            ? match.Groups[1].Value
            : (string)typeof(TimelineQueries).GetField(match.Groups[2].Value)!.GetRawConstantValue()!)
            // Answered by an agent, and not out of the store.
            .Append(Tinyvex.Requests.AgentRequests.SessionsList);

    private static List<string> Names(string heading) => [.. Repository.Table(Document, heading).Select(row => row[0].Trim('`'))];

    private static List<string> Constants(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    private static bool IsFrame(string sample)
    {
        try
        {
            using var document = JsonDocument.Parse(sample);
            var frame = document.RootElement;
            return frame.TryGetProperty("type", out _) || (frame.TryGetProperty("control", out var control) && Constants(typeof(Controls)).Contains(control.GetString()!));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>"16 MiB", "10,000", "30 s" as a number: of bytes, things or milliseconds.</summary>
    private static double Quantity(string text)
    {
        var parts = text.Split(' ');
        return double.Parse(parts[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) * parts.ElementAtOrDefault(1) switch
        {
            null or "ms" => 1,
            "s" => 1_000,
            "h" => 3_600_000,
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            _ => double.NaN,
        };
    }

    private static double? Number(object? value) => value switch
    {
        int number => number,
        TimeSpan time => time.TotalMilliseconds,
        _ => null,
    };

    [GeneratedRegex("^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s+(?:""([a-z_.]+)""|TimelineQueries\.(\w+)) (?:when|=>)", RegexOptions.Multiline)]
    private static partial Regex QueryCase();
}
