using System.Diagnostics;

namespace Tinyvex.Replaying;

/// <summary>A recorded session of an agent, by the requests that it answered.</summary>
internal sealed class Transcript
{
    private const string DemoResource = "demo.jsonl";

    private readonly Dictionary<string, List<Exchange>> _byMethod = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Session, string Method), List<Exchange>> _bySession = [];

    internal Transcript(IEnumerable<Exchange> exchanges)
    {
        foreach (var exchange in exchanges)
        {
            Add(_byMethod, exchange.Method, exchange);
            if (exchange.SessionId is { } session)
                Add(_bySession, (session, exchange.Method), exchange);
        }
    }

    /// <exception cref="TranscriptException">The file is missing, too large, or not a transcript.</exception>
    public static Transcript Open(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return TranscriptReader.Read(stream, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new TranscriptException(file, e.Message);
        }
    }

    /// <summary>The demonstration that is part of the program.</summary>
    public static Transcript OpenDemo()
    {
        using var stream = typeof(Transcript).Assembly.GetManifestResourceStream(DemoResource)
            ?? throw new UnreachableException($"{DemoResource} is not embedded.");
        return TranscriptReader.Read(stream, DemoResource);
    }

    /// <summary>All requests of a method in the order in which they were recorded.</summary>
    public IReadOnlyList<Exchange> Of(string method) => _byMethod.GetValueOrDefault(method) ?? [];

    /// <summary>
    /// The requests of a method about one recorded session; those about any session where it has none, so that a session that
    /// was opened and never used still has something to play.
    /// </summary>
    public IReadOnlyList<Exchange> Of(string method, string? session) =>
        session is not null && _bySession.TryGetValue((session, method), out var found) ? found : Of(method);

    private static void Add<TKey>(Dictionary<TKey, List<Exchange>> lists, TKey key, Exchange exchange)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
            lists.Add(key, list = []);
        list.Add(exchange);
    }
}
