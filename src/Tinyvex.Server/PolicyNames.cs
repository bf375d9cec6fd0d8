namespace Tinyvex;

/// <summary>What policies are called on the wire, in the store, on the command line and in the agents file.</summary>
public static class PolicyNames
{
    /// <summary>Every policy by its name, from the strictest on.</summary>
    public static IReadOnlyList<(Policy Policy, string Name)> All { get; } =
    [
        (Policy.Ask, "ask"),
        (Policy.AllowReads, "allow-reads"),
        (Policy.AllowEditsInRoots, "allow-edits-in-roots"),
        (Policy.AllowAll, "allow-all"),
    ];

    /// <summary>The names as one reads them: <c>ask, allow-reads, allow-edits-in-roots or allow-all</c>.</summary>
    public static string Listed { get; } = $"{string.Join(", ", All.Take(All.Count - 1).Select(one => one.Name))} or {All[^1].Name}";

    public static string NameOf(Policy policy) => All[(int)policy].Name;

    public static Policy? Find(string? name)
    {
        foreach (var one in All)
        {
            if (one.Name == name) return one.Policy;
        }

        return null;
    }
}
