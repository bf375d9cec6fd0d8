using TUnit.Core.Interfaces;

[assembly: ParallelLimiter<Tinyvex.Tests.Support.ParallelTests>]

namespace Tinyvex.Tests.Support;

/// <summary>Most tests start processes; more at once than this only makes all of them late.</summary>
public sealed class ParallelTests : IParallelLimit
{
    public int Limit => 4;
}
