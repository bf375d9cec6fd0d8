using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>One thing that is measured, by itself or in turn with its peer.</summary>
internal interface IBenchmark
{
    string Name { get; }

    /// <summary>Whether it measures processes from outside, which takes what Linux tells of them.</summary>
    bool NeedsServers { get; }

    Task<List<Row>> RunAsync(Effort effort);
}
