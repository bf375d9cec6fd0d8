namespace Tinyvex.Contract.Acp;

/// <summary>A step of a plan.</summary>
public sealed record PlanEntry : AcpValue
{
    public required string Content { get; init; }

    [ValuesOf(typeof(PlanEntryPriority))]
    public required string Priority { get; init; }

    [ValuesOf(typeof(PlanEntryStatus))]
    public required string Status { get; init; }
}
