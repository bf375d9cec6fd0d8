using TUnit.Core.Interfaces;

namespace Tinyvex.Tests.Support;

/// <summary>Each is a program of a hundred megabytes that takes a core to start; two keep a small machine busy.</summary>
public sealed class RealAgentTurns : IParallelLimit
{
    public int Limit => 2;
}
