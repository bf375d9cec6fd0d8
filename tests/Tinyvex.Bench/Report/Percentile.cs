namespace Tinyvex.Bench.Report;

/// <summary>What a share of the values stays below.</summary>
internal static class Percentile
{
    /// <summary>Sorts the values.</summary>
    public static double Of(List<double> values, double share)
    {
        values.Sort();
        return values[(int)(share * (values.Count - 1))];
    }
}
