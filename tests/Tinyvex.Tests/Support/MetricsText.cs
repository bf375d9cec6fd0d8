using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Tinyvex.Tests.Support;

/// <summary>
/// A page of metrics, read as strictly as the format allows (https://prometheus.io/docs/instrumenting/exposition_formats): whatever is
/// not as it should be is an error.
/// </summary>
internal sealed partial class MetricsText
{
    private static readonly HttpClient Http = new();

    private readonly Dictionary<string, double> _samples = [];

    private MetricsText(string text)
    {
        if (text.Length == 0 || text[^1] != '\n') throw new FormatException("the last line has no end");
        string? name = null, type = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                name = Match(Help(), line).Groups[1].Value;
                type = null;
                if (!Types.TryAdd(name, "")) throw new FormatException($"{name} comes twice");
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var typed = Match(Type(), line);
                if (typed.Groups[1].Value != name || type is not null) throw new FormatException($"not behind its HELP: {line}");
                type = Types[name] = typed.Groups[2].Value;
                if (type == "counter" != name.EndsWith("_total", StringComparison.Ordinal)) throw new FormatException($"a {type} is named {name}");
            }
            else
            {
                Add(line, name, type);
            }
        }

        foreach (var histogram in Types.Where(one => one.Value == "histogram")) CheckHistogram(histogram.Key);
    }

    /// <summary>The type of each name.</summary>
    public Dictionary<string, string> Types { get; } = [];

    public IEnumerable<string> Samples => _samples.Keys;

    /// <summary>The value of a sample, given as the page has it: name and labels.</summary>
    public double this[string sample] =>
        _samples.TryGetValue(sample, out var value) ? value : throw new KeyNotFoundException($"no {sample} among:\n{string.Join('\n', _samples.Keys)}");

    public static MetricsText Parse(string text) => new(text);

    public static Task<MetricsText> ScrapeAsync(ServerProcess server) => ScrapeAsync(server.Url, server.Token);

    public static async Task<MetricsText> ScrapeAsync(Uri url, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "metrics"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Http.SendAsync(request, Deadline.Token());
        answer.EnsureSuccessStatusCode();
        return new MetricsText(await answer.Content.ReadAsStringAsync(Deadline.Token()));
    }

    /// <summary>Scrapes until a sample has a value.</summary>
    public static async Task<MetricsText> UntilAsync(Uri url, string? token, string sample, Func<double, bool> fits)
    {
        var limit = Deadline.Token();
        while (true)
        {
            var page = await ScrapeAsync(url, token);
            if (fits(page[sample])) return page;
            if (limit.IsCancellationRequested) throw new TimeoutException($"{sample} is {page[sample]}");
        }
    }

    private void Add(string line, string? name, string? type)
    {
        var sample = Match(Sample(), line);
        var suffix = sample.Groups[1].Value[Math.Min(sample.Groups[1].Length, name?.Length ?? 0)..];
        var belongs = name is not null && sample.Groups[1].Value.StartsWith(name, StringComparison.Ordinal)
            && (type == "histogram" ? suffix is "_bucket" or "_sum" or "_count" : suffix.Length == 0);
        if (!belongs || type is null) throw new FormatException($"not of {name} ({type}): {line}");
        var value = double.Parse(sample.Groups[3].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (type == "counter" && value < 0) throw new FormatException($"a counter below nothing: {line}");
        if (!_samples.TryAdd(sample.Groups[1].Value + sample.Groups[2].Value, value)) throw new FormatException($"comes twice: {line}");
    }

    /// <summary>Its buckets rise, and the last of them holds all.</summary>
    private void CheckHistogram(string name)
    {
        var (bound, count) = (double.NegativeInfinity, 0.0);
        foreach (var (sample, value) in _samples.Where(one => one.Key.StartsWith(name + "_bucket", StringComparison.Ordinal)))
        {
            var text = Match(Bound(), sample[(name.Length + "_bucket".Length)..]).Groups[1].Value;
            var next = text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
            if (next <= bound || value < count) throw new FormatException($"{sample} {value} comes behind {bound} {count}");
            (bound, count) = (next, value);
        }

        if (!double.IsPositiveInfinity(bound) || count != this[name + "_count"]) throw new FormatException($"{name} does not count all");
        if (this[name + "_sum"] < 0) throw new FormatException($"the sum of {name} is below nothing");
    }

    private static Match Match(Regex regex, string line) => regex.Match(line) is { Success: true } match ? match : throw new FormatException($"not as it should be: {line}");

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)+$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)((?:\{[a-zA-Z_]\w*=""(?:[^""\\]|\\[\\""n])*""(?:,[a-zA-Z_]\w*=""(?:[^""\\]|\\[\\""n])*"")*\})?) (-?[0-9.]+(?:E[+-][0-9]+)?)$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"^\{le=""([^""]+)""\}$")]
    private static partial Regex Bound();
}
