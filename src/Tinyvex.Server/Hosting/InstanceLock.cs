namespace Tinyvex.Hosting;

/// <summary>
/// Keeps a second server off a database. Held by the process and given up with it, however it ends; it lies on a file of its own,
/// since locks on the database file are SQLite's.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string? _made;

    private InstanceLock(FileStream file, string? made) => (_file, _made) = (file, made);

    /// <summary>Whether the file stays behind; else it goes, where it was made for this lock.</summary>
    public bool Keep { get; set; }

    public static string PathOf(string database) => database + "-lock";

    /// <summary>Takes the lock; null where another process has it.</summary>
    /// <exception cref="IOException">The lock file cannot be made.</exception>
    public static InstanceLock? TryTake(string database)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = PathOf(database);
        var existed = File.Exists(path);
        try
        {
            return new InstanceLock(new FileStream(path, options), existed ? null : path);
        }
        catch (IOException exception) when (IsSharingViolation(exception))
        {
            return null;
        }
    }

    /// <summary>Whether a server has the lock at the moment.</summary>
    public static bool IsTaken(string database)
    {
        if (!File.Exists(PathOf(database))) return false;
        using var taken = TryTake(database);
        return taken is null;
    }

    // Windows' ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION, Linux' EWOULDBLOCK, the BSDs' EWOULDBLOCK.
    private static bool IsSharingViolation(IOException exception) => (exception.HResult & 0xffff) is 32 or 33 or 11 or 35;

    public void Dispose()
    {
        // While it is held, so that nobody takes a lock on a file that is gone; Windows lets go of a file first.
        var remove = _made is not null && !Keep;
        if (remove && !OperatingSystem.IsWindows()) File.Delete(_made!);
        _file.Dispose();
        if (remove && OperatingSystem.IsWindows()) File.Delete(_made!);
    }
}
