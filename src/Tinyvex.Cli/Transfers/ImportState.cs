namespace Tinyvex.Cli.Transfers;

/// <summary>What became of a thread's import.</summary>
internal enum ImportState
{
    /// <summary>The thread was made.</summary>
    Imported,

    /// <summary>What is new in the source was added to the thread of an earlier import.</summary>
    Appended,

    /// <summary>All of it was there.</summary>
    Unchanged,

    /// <summary>A thread of this name is there, and was never imported; nothing was changed.</summary>
    Exists,

    /// <summary>The source no longer begins with what was imported from it; nothing was changed.</summary>
    Rewritten,
}
