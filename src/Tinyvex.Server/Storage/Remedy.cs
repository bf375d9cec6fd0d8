namespace Tinyvex.Storage;

/// <summary>What can be mended without losing anything, in the order in which it is done.</summary>
internal enum Remedy
{
    /// <summary>Files that others may read.</summary>
    Permissions,

    /// <summary>Indexes that are not what their tables say, which are made anew.</summary>
    Indexes,

    /// <summary>The search index, which is made anew from the messages.</summary>
    SearchIndex,

    /// <summary>Counts of messages, which are counted again.</summary>
    Counts,

    /// <summary>Free pages, which are given back.</summary>
    FreePages,
}
