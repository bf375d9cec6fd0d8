namespace Tinyvex.Hosting;

/// <summary>Where the database is when nobody says: the per-user data directory of the system, folder <c>tinyvex</c>.</summary>
internal static class DataDirectory
{
    /// <exception cref="StartupException">This user has no directory for data.</exception>
    public static string DefaultDatabase =>
        FindDefault() ?? throw new StartupException(ExitCode.DatabaseUnusable, "There is no home directory to keep the database in. Name a file with --db.");

    private static string? FindDefault()
    {
        // Linux: $XDG_DATA_HOME or ~/.local/share. macOS: ~/Library/Application Support. Windows: %LOCALAPPDATA%.
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0 ? null : Path.Combine(data, "tinyvex", "tinyvex.db");
    }

    /// <summary>What a command line needs that is to be about this database: nothing where it is the default one.</summary>
    public static string Arguments(string path) => FindDefault() is { } usual && path == Resolve(usual) ? "" : $" --db {(path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path)}";

    /// <summary>The file's real path, links resolved, its directory made where there is none.</summary>
    /// <exception cref="StartupException">It names no file, or the directory cannot be made.</exception>
    public static string Prepare(string path)
    {
        try
        {
            var full = FullPath(path);
            CreateOwnerOnly(Path.GetDirectoryName(full)!);
            return RealFile(full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Storage.DatabaseFile.Explain(path, exception);
        }
    }

    /// <summary>The same path for one who only looks: makes nothing.</summary>
    public static string Resolve(string path)
    {
        var full = FullPath(path);
        return Directory.Exists(Path.GetDirectoryName(full)) ? RealFile(full) : full;
    }

    private static string FullPath(string path)
    {
        if (path.Length == 0 || path.Contains('\0')) throw Unusable("--db names no file. Leave it out, or name a file.");
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(full))
        {
            throw Unusable($"{full} is a directory. Name a file in it with --db, such as {Path.Combine(full, "tinyvex.db")}.");
        }

        return full;
    }

    private static string RealFile(string full)
    {
        var real = InRealDirectory(full);
        // Also where the link leads to a file that is not there yet.
        return new FileInfo(real).LinkTarget is not null && File.ResolveLinkTarget(real, returnFinalTarget: true) is { } target
            ? InRealDirectory(target.FullName)
            : real;
    }

    private static string InRealDirectory(string full) => Path.Combine(RealDirectory(Path.GetDirectoryName(full)!), Path.GetFileName(full));

    private static void CreateOwnerOnly(string directory)
    {
        if (Directory.Exists(directory)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Two paths to one database must lead to one lock, whatever links lie on the way.</summary>
    private static string RealDirectory(string directory)
    {
        var root = Path.GetPathRoot(directory)!;
        var real = root;
        var links = 0;
        foreach (var part in directory[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            while (Directory.ResolveLinkTarget(real, returnFinalTarget: false) is { } target)
            {
                if (++links > 64) throw new IOException($"{directory} leads through too many links");
                real = Directory.ResolveLinkTarget(target.FullName, returnFinalTarget: false) is null ? RealDirectory(target.FullName) : target.FullName;
            }
        }

        return real;
    }

    private static StartupException Unusable(string message) => new(ExitCode.DatabaseUnusable, message);
}
