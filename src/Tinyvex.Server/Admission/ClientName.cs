namespace Tinyvex.Admission;

/// <summary>
/// What a client calls itself, by <c>/ws?client=NAME</c>, so that others can tell whose answer stands (docs/protocol.md, "A client's name").
/// Nobody checks it: who has the token may take any name.
/// </summary>
internal static class ClientName
{
    /// <summary>What is written of one that gives no name, and before a name.</summary>
    private const string Client = "client";

    /// <summary>It stands in rows and on buttons: a word, not a text.</summary>
    private const int MaxLength = 64;

    public const string Problem = "The name of a client, '?client=NAME', is 1 to 64 characters of A-Z a-z 0-9 . _ ~ -\n";

    /// <summary>What is stored as the one who wrote: <c>client</c>, or <c>client:NAME</c>; null where the name is none.</summary>
    public static string? Author(string? name) => name is null ? Client : IsWellFormed(name) ? $"{Client}:{name}" : null;

    private static bool IsWellFormed(string name)
    {
        if (name.Length is 0 or > MaxLength) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '~' or '-')) return false;
        }

        return true;
    }
}
