namespace Tinyvex.Hosting;

/// <summary>Where the database is when nobody says: the per-user data directory of the system, folder <c>tinyvex</c>.</summary>
internal static class DataDirectory
{
    public static string DefaultDatabase
    {
        get
        {
            // Linux: $XDG_DATA_HOME or ~/.local/share. macOS: ~/Library/Application Support. Windows: %LOCALAPPDATA%.
            var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            if (data.Length == 0)
            {
                throw new StartupException(ExitCode.DatabaseUnusable, "There is no home directory to keep the database in. Name a file with --db.");
            }

            return Path.Combine(data, "tinyvex", "tinyvex.db");
        }
    }

    /// <summary>The file's real path, links resolved, its directory made where there is none.</summary>
    /// <exception cref="StartupException">The directory cannot be made, or is none.</exception>
    public static string Prepare(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (Directory.Exists(full)) throw Unusable($"{full} is a directory. Name a file in it with --db, such as {Path.Combine(full, "tinyvex.db")}.");
            var directory = Path.GetDirectoryName(full)!;
            CreateOwnerOnly(directory);
            var real = Path.Combine(RealDirectory(directory), Path.GetFileName(full));
            if (File.Exists(real) && File.ResolveLinkTarget(real, returnFinalTarget: true) is { } target) real = target.FullName;
            return real;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Storage.DatabaseFile.Explain(path, exception);
        }
    }

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
