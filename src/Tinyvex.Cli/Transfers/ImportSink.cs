using Tinyvex.Cli.Links;

namespace Tinyvex.Cli.Transfers;

/// <summary>Where a source puts what it reads, and what it says on the way.</summary>
/// <param name="link">The server that takes it.</param>
/// <param name="isTrial">Whether nothing is to be written.</param>
/// <param name="progress">Told how far it is: what was read of how much, in bytes or threads.</param>
internal sealed class ImportSink(ServerLink link, bool isTrial, Action<long, long> progress, CancellationToken cancellationToken)
{
    /// <summary>Lines that are named; of more only their number is told.</summary>
    private const int MostNamed = 5;

    private readonly List<(ThreadImport Thread, ImportState State)> _done = [];
    private readonly List<string> _bad = [];

    /// <summary>Threads that are through.</summary>
    public IReadOnlyList<(ThreadImport Thread, ImportState State)> Done => _done;

    /// <summary>Lines that could not be read, the first of them.</summary>
    public IReadOnlyList<string> Bad => _bad;

    public long BadCount { get; private set; }

    public ThreadImport Open(string threadId, ThreadFacts facts) => new(link, threadId, facts, isTrial, cancellationToken);

    public async Task EndAsync(ThreadImport thread, params IReadOnlyList<Entry> closing) => _done.Add((thread, await thread.EndAsync(closing)));

    public void Skip(long line, string why)
    {
        BadCount++;
        if (_bad.Count < MostNamed) _bad.Add($"line {line} {why}");
    }

    public void Progress(long read, long of) => progress(read, of);
}
