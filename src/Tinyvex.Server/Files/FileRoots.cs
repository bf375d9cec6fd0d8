namespace Tinyvex.Files;

/// <summary>The directories within which an agent is given files: the thread's working directory and those beside it.</summary>
internal sealed class FileRoots(IReadOnlyList<string> directories)
{
    private static readonly StringComparison Names = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Where a path leads, all links followed.</summary>
    /// <exception cref="FileRefusedException">It is not absolute, or leads out of all of the roots.</exception>
    public string Resolve(string path)
    {
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal)) throw new FileRefusedException("'path' must be an absolute path");
        var real = RealPath.Of(path);
        // Behind a second colon Windows keeps other contents of the same file.
        if (OperatingSystem.IsWindows() && real.AsSpan(Path.GetPathRoot(real)!.Length).Contains(':')) throw new FileRefusedException("'path' must name a file");
        foreach (var directory in directories)
        {
            if (IsWithin(RealPath.Of(directory), real)) return real;
        }

        throw new FileRefusedException($"'{path}' is not within {string.Join(" or ", directories)}");
    }

    private static bool IsWithin(string root, string path)
    {
        root = Path.TrimEndingDirectorySeparator(root);
        return path.StartsWith(root, Names)
            && (path.Length == root.Length || Path.EndsInDirectorySeparator(root) || path[root.Length] == Path.DirectorySeparatorChar);
    }
}
