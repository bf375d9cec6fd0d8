namespace Tinyvex.TextFiles;

/// <summary>
/// Where a path leads once every symbolic link on the way is followed, in the order in which the system follows them: <c>link/..</c> is the
/// directory above the link's target. What does not exist yet is where it would be made.
/// </summary>
internal static class RealPath
{
    /// <summary>Links on one way: as many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>The real path; null where nobody can say: it is not absolute, its links go in a circle, or they cannot be read.</summary>
    public static string? Find(string path)
    {
        if (!IsPlain(path)) return null;
        // Windows itself takes '..' out of the text before it looks at any link.
        if (OperatingSystem.IsWindows()) path = Path.GetFullPath(path);
        var root = Path.GetPathRoot(path)!;
        var left = new Stack<string>();
        Push(left, path[root.Length..]);
        var found = root;
        var isMissing = false;
        for (var links = 0; left.TryPop(out var part);)
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                // Above what does not exist is where the system does not go.
                if (isMissing) return null;
                found = Path.GetDirectoryName(found) ?? found;
                continue;
            }

            var next = Path.Join(found, part);
            if (!TryReadLink(next, out var target, out isMissing)) return null;
            if (target is null)
            {
                found = next;
                continue;
            }

            if (++links > MaxLinks) return null;
            var targetRoot = Path.GetPathRoot(target) ?? "";
            if (targetRoot.Length > 0)
            {
                if (!IsPlain(target)) return null;
                found = targetRoot;
            }

            Push(left, target[targetRoot.Length..]);
        }

        return found;
    }

    /// <summary>Whether a real path is a directory or lies in it. Windows does not tell capitals from small letters; elsewhere it is never wrong to.</summary>
    public static bool IsWithin(string real, string directory)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var trimmed = Path.TrimEndingDirectorySeparator(directory);
        if (!real.StartsWith(trimmed, comparison)) return false;
        return real.Length == trimmed.Length || Path.EndsInDirectorySeparator(trimmed) || real[trimmed.Length] == Path.DirectorySeparatorChar;
    }

    /// <summary>Absolute, and no name of a device, past which nothing is as it seems.</summary>
    private static bool IsPlain(string path) =>
        Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal)
        && !(OperatingSystem.IsWindows() && (path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal)));

    private static void Push(Stack<string> left, string path)
    {
        var parts = path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        for (var i = parts.Length - 1; i >= 0; i--) left.Push(parts[i]);
    }

    private static bool TryReadLink(string path, out string? target, out bool isMissing)
    {
        (target, isMissing) = (null, false);
        try
        {
            var info = new FileInfo(path);
            if ((int)info.Attributes == -1)
            {
                isMissing = true;
                return true;
            }

            if ((info.Attributes & FileAttributes.ReparsePoint) == 0) return true;
            target = info.LinkTarget;
            // On Windows not every reparse point is a link: a file that lies in the cloud is itself.
            return target is not null || OperatingSystem.IsWindows();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.SecurityException or ArgumentException)
        {
            return false;
        }
    }
}
