using System.Text.Encodings.Web;

namespace Tinyvex.Agents;

/// <summary>Hides in text what an agent was given in confidence: values of its environment, and those for its MCP servers.</summary>
internal sealed class SecretMask
{
    /// <summary>Shorter values are words such as <c>true</c> or <c>debug</c>, and to hide them would make text unreadable.</summary>
    private const int MinLength = 8;

    private const string Mask = "***";

    private volatile string[] _values = [];

    public void Add(IEnumerable<string> values)
    {
        // As they are, and as they stand in JSON; the longest first, as one may be a part of another.
        var all = values.Where(value => value.Length >= MinLength)
            .SelectMany(value => (string[])[value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value), JavaScriptEncoder.Default.Encode(value)]);
        _values = [.. _values.Concat(all).Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length)];
    }

    public string Hide(string text)
    {
        foreach (var value in _values) text = text.Replace(value, Mask, StringComparison.Ordinal);
        return text;
    }
}
