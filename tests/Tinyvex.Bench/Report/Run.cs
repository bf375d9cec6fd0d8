using System.Runtime.InteropServices;

namespace Tinyvex.Bench.Report;

/// <summary>What a run found, and the machine it ran on: what the JSON file holds.</summary>
internal sealed record Run
{
    public required DateTimeOffset Date { get; init; }

    /// <summary>full, quick or smoke.</summary>
    public required string Effort { get; init; }

    public string System { get; init; } = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}";

    public int Cores { get; init; } = Environment.ProcessorCount;

    public string Runtime { get; init; } = RuntimeInformation.FrameworkDescription;

    public string Sqlite { get; init; } = Hosting.TinyvexVersion.Sqlite;

    public required List<Row> Rows { get; init; }

    public int Missed => Rows.Count(row => row.IsMet == false);
}
