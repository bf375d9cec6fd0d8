namespace Tinyvex.Writing;

/// <summary>A step of upkeep: a closed union, applied in Writer.Upkeep.cs.</summary>
internal abstract class UpkeepCommand : WriteCommand
{
    private protected UpkeepCommand()
    {
    }
}

/// <summary>Merges chunks of a final message in the log.</summary>
internal sealed class MergeChunks : UpkeepCommand
{
    public required string ThreadId { get; init; }

    public required long Ord { get; init; }

    /// <summary>Events after this one,</summary>
    public required long After { get; init; }

    /// <summary>up to this one, which ended the message.</summary>
    public required long Before { get; init; }
}

/// <summary>Notes up to which end of a message the log was merged.</summary>
internal sealed class NoteMerged : UpkeepCommand
{
    public required long To { get; init; }
}

/// <summary>Removes some rows of threads that were deleted.</summary>
internal sealed class PurgeRows : UpkeepCommand;

/// <summary>Brings some words of messages that were deleted out of the search index.</summary>
internal sealed class PurgeIndex : UpkeepCommand
{
    /// <summary>Whether it is the first of its steps, which decides what is gone through.</summary>
    public required bool IsFirst { get; init; }
}

/// <summary>Gives some free pages back to the system, until so many are left.</summary>
internal sealed class FreePages : UpkeepCommand
{
    public required long Keep { get; init; }
}

/// <summary>Forgets deletions of which nothing is left in the file.</summary>
internal sealed class ForgetPurges : UpkeepCommand
{
    /// <summary>The last of the deletions.</summary>
    public required long To { get; init; }
}
