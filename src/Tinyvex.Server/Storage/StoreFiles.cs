using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// The files of an opened database, and whether their names still lead to them. SQLite does not look: it would write on into a file that was
/// removed, and a connection opened later would read a new file with the old one's WAL.
/// </summary>
internal sealed class StoreFiles
{
    private readonly (string Path, byte[] Name, FileIdentity? Opened)[] _files;

    /// <summary>Remembers what stands at the path now, and beside it.</summary>
    public StoreFiles(string path)
    {
        Path = path;
        _files = [.. ((string[])[path, path + "-wal", path + "-shm"]).Select(file =>
        {
            var name = FileIdentity.Encode(file);
            return (file, name, FileIdentity.Of(name));
        })];
    }

    public string Path { get; }

    /// <summary>What is wrong with the files, or null. Costs a system call for each, about a microsecond together.</summary>
    public StoreFailure? Problem()
    {
        foreach (var (path, name, opened) in _files)
        {
            if (opened is null || FileIdentity.Of(name) is var now && now == opened) continue;
            return new StoreFailure(raw.SQLITE_READONLY_DBMOVED, $"{path} was {(now is null ? "moved or removed" : "replaced")} since it was opened");
        }

        return null;
    }

    /// <exception cref="StoreFailure">A file is not where it was.</exception>
    public void Check()
    {
        if (Problem() is { } problem) throw problem;
    }
}
