namespace Tinyvex.TextFiles;

/// <summary>The directories within which an agent is given files: the thread's working directory and those beside it.</summary>
internal sealed class FileRoots(IReadOnlyList<string> directories)
{
    /// <summary>Where a path leads, all links followed.</summary>
    /// <exception cref="FileRefusedException">It is not absolute, leads nowhere, or out of all of the roots.</exception>
    public string Resolve(string path)
    {
        if (!Path.IsPathFullyQualified(path)) throw new FileRefusedException("'path' must be an absolute path");
        var real = RealPath.Find(path) ?? throw new FileRefusedException($"'{path}' leads nowhere");
        // Behind a second colon Windows keeps other contents of the same file.
        if (OperatingSystem.IsWindows() && real.AsSpan(Path.GetPathRoot(real)!.Length).Contains(':')) throw new FileRefusedException("'path' must name a file");
        foreach (var directory in directories)
        {
            if (RealPath.Find(directory) is { } root && RealPath.IsWithin(real, root)) return real;
        }

        throw new FileRefusedException($"'{path}' is not within {string.Join(" or ", directories)}");
    }
}
