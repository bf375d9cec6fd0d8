namespace Tinyvex.Policies;

/// <summary>
/// What a policy allows: a function of the policy, the tool call, and the directories of the thread as they are at that moment. Whatever is not
/// clear is asked. It believes what the agent says of the call (SECURITY.md).
/// </summary>
internal static class PolicyDecision
{
    /// <summary>Where git keeps hooks and settings: to write there is to run a command later.</summary>
    private const string GitDirectory = ".git";

    /// <param name="call">Null where nothing of it could be read.</param>
    /// <param name="roots">Made when they are needed, since links are followed on a disk.</param>
    public static bool Allows(Policy policy, AskedToolCall? call, Func<Roots> roots) => policy switch
    {
        Policy.AllowAll => true,
        Policy.AllowReads => call is not null && Reads(call, roots),
        Policy.AllowEditsInRoots => call is not null && (Reads(call, roots) || Edits(call, roots)),
        _ => false,
    };

    private static bool Reads(AskedToolCall call, Func<Roots> roots) => call.Kind switch
    {
        "read" or "search" => Within(call, roots, atLeast: 1) is not null,
        // Thinking needs no file.
        "think" => Within(call, roots, atLeast: 0) is not null,
        _ => false,
    };

    private static bool Edits(AskedToolCall call, Func<Roots> roots)
    {
        // Both ends of a move have to be known. A deletion leaves no diff behind from which it could be undone, so it is asked.
        int? atLeast = call.Kind switch { "edit" => 1, "move" => 2, _ => null };
        return atLeast is { } needed && Within(call, roots, needed) is { } real && !real.Any(IsOfGit);
    }

    /// <summary>The real paths of a call, if it names so many different ones and all lie within the roots; else null.</summary>
    private static HashSet<string>? Within(AskedToolCall call, Func<Roots> roots, int atLeast)
    {
        var touched = TouchedPaths.Of(call);
        if (touched.RunsCommand || touched.IsUnclear || touched.Paths.Count < atLeast) return null;
        var real = new HashSet<string>(StringComparer.Ordinal);
        if (touched.Paths.Count == 0) return real;
        var within = roots();
        foreach (var path in touched.Paths)
        {
            if (within.RealPathOf(path) is not { } found) return null;
            real.Add(found);
        }

        return real.Count >= atLeast ? real : null;
    }

    private static bool IsOfGit(string path) =>
        path.Split(Path.DirectorySeparatorChar).Contains(GitDirectory, StringComparer.OrdinalIgnoreCase);
}
