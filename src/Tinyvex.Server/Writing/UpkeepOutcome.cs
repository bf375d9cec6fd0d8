namespace Tinyvex.Writing;

/// <summary>What became of a step of upkeep. Apart from other outcomes, of which there is one for each update.</summary>
/// <param name="GoOnFrom">Where in the log the next step begins; null where none is needed.</param>
internal sealed record UpkeepOutcome(long? GoOnFrom = null) : WriteOutcome;
