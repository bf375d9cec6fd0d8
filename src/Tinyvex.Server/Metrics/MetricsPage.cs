using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Tinyvex.Metrics;

/// <summary>
/// Instruments as the text that Prometheus reads (version 0.0.4 of its format). Only such instruments as are asked for their values when
/// the page is: they cost nothing until then.
/// </summary>
internal sealed class MetricsPage : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    /// <param name="isShown">Which instruments are shown.</param>
    public MetricsPage(Func<Instrument, bool> isShown)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.IsObservable || !isShown(instrument)) return;
            var family = new Family(NameOf(instrument), instrument.Description ?? instrument.Name, IsCounter(instrument) ? "counter" : "gauge");
            _families[family.Name] = family;
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        _listener.Start();
    }

    /// <summary>Shows a histogram too. The framework has none that are asked for their values.</summary>
    public void Add(string name, string description, Histogram histogram) =>
        _families[name] = new Family(name, description, "histogram") { Histogram = histogram };

    /// <summary>The page, with the values of this moment. One at a time.</summary>
    public string Write()
    {
        foreach (var family in _families.Values) family.Clear();
        _listener.RecordObservableInstruments();
        var page = new StringBuilder();
        foreach (var family in _families.Values) family.WriteTo(page);
        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsCounter(Instrument instrument) => instrument is ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double>;

    /// <summary>A name as Prometheus has them: with its unit, and <c>_total</c> where it only grows.</summary>
    private static string NameOf(Instrument instrument)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return instrument.Name.Replace('.', '_') + unit + (IsCounter(instrument) ? "_total" : "");
    }

    /// <summary>All that has one name.</summary>
    private sealed class Family(string name, string description, string type)
    {
        private readonly StringBuilder _samples = new();

        public string Name => name;

        public Histogram? Histogram { get; init; }

        public void Clear() => _samples.Clear();

        public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            _samples.Append(name);
            for (var i = 0; i < labels.Length; i++)
            {
                var (label, text) = labels[i];
                _samples.Append(i == 0 ? '{' : ',').Append(label.Replace('.', '_')).Append("=\"").Append(Escaped($"{text}").Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
            }

            if (labels.Length > 0) _samples.Append('}');
            _samples.Append(' ').Append(Number(value)).Append('\n');
        }

        public void WriteTo(StringBuilder page)
        {
            page.Append("# HELP ").Append(name).Append(' ').Append(Escaped(description)).Append('\n');
            page.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            page.Append(_samples);
            if (Histogram is { } histogram) Write(page, histogram);
        }

        private void Write(StringBuilder page, Histogram histogram)
        {
            // Before its counts, which may grow meanwhile: a mean of both errs by what is being counted.
            var sum = histogram.Sum;
            var count = 0L;
            for (var i = 0; i <= histogram.Bounds.Count; i++)
            {
                count += histogram[i];
                var bound = i < histogram.Bounds.Count ? Number(histogram.Bounds[i]) : "+Inf";
                page.Append(name).Append("_bucket{le=\"").Append(bound).Append("\"} ").Append(Number(count)).Append('\n');
            }

            page.Append(name).Append("_sum ").Append(Number(sum)).Append('\n');
            page.Append(name).Append("_count ").Append(Number(count)).Append('\n');
        }

        private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

        private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
    }
}
