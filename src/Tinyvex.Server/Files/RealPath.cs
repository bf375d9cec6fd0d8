namespace Tinyvex.Files;

/// <summary>Where a path leads once all links on it are followed. What does not exist stands in it as it was asked for.</summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows before it calls them a circle.</summary>
    private const int MostLinks = 40;

    private static readonly char[] Separators = OperatingSystem.IsWindows() ? ['\\', '/'] : ['/'];

    /// <param name="path">An absolute path.</param>
    /// <exception cref="FileRefusedException">Its links lead in a circle.</exception>
    public static string Of(string path)
    {
        // On Windows ".." is taken away before links are looked at, and names are mended, by the system itself too.
        if (OperatingSystem.IsWindows()) path = Path.GetFullPath(path);
        var real = Path.GetPathRoot(path)!;
        var left = new Stack<string>();
        Push(left, path[real.Length..]);
        for (var links = 0; left.TryPop(out var part);)
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (TargetOf(next) is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks) throw new FileRefusedException($"the links on '{path}' lead in a circle");
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            Push(left, Path.IsPathRooted(target) ? target[real.Length..] : target);
        }

        return real;
    }

    private static void Push(Stack<string> left, string path)
    {
        foreach (var part in path.Split(Separators).Reverse()) left.Push(part);
    }

    private static string? TargetOf(string path)
    {
        try
        {
            FileSystemInfo info = OperatingSystem.IsWindows() && Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            return info.LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at cannot be opened either.
            return null;
        }
    }
}
