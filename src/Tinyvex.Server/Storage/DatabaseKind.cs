namespace Tinyvex.Storage;

/// <summary>What stands at the path of the database.</summary>
internal enum DatabaseKind
{
    /// <summary>No file, or an empty one.</summary>
    None,

    /// <summary>Ours, of this version or an earlier one.</summary>
    Ours,

    /// <summary>Made by the original Tinyvex, which had no version number.</summary>
    Original,
}
