namespace Tinyvex.Contract.Acp;

/// <summary>How a permission request was answered.</summary>
[JsonDerivedType(typeof(SelectedOutcome))]
[JsonDerivedType(typeof(CancelledOutcome))]
public abstract record PermissionOutcome : AcpValue;

/// <summary>An option was chosen.</summary>
public sealed record SelectedOutcome : PermissionOutcome
{
    public string Outcome => "selected";

    public required string OptionId { get; init; }
}

/// <summary>Nothing was chosen.</summary>
public sealed record CancelledOutcome : PermissionOutcome
{
    public string Outcome => "cancelled";
}
