namespace Tinyvex;

/// <summary>
/// How often values of which size were met. Counted by one thread at a time and read by any, without a lock and without an allocation.
/// The framework's own would have to be listened to from the start on, which every start would pay for.
/// </summary>
/// <param name="bounds">The upper bounds of the sizes told apart, in rising order; what is above the last of them is counted too.</param>
internal sealed class Histogram(params double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public IReadOnlyList<double> Bounds => bounds;

    public double Sum => Volatile.Read(ref _sum);

    /// <summary>Values above the bound before this one and up to it; the last number is of those above all bounds.</summary>
    public long this[int bound] => Volatile.Read(ref _counts[bound]);

    public void Record(double value)
    {
        var at = 0;
        while (at < bounds.Length && value > bounds[at]) at++;
        Volatile.Write(ref _sum, _sum + value);
        Volatile.Write(ref _counts[at], _counts[at] + 1);
    }
}
