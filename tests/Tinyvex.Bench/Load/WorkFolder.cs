namespace Tinyvex.Bench.Load;

/// <summary>A folder for one run's databases, removed with it.</summary>
internal sealed class WorkFolder : IDisposable
{
    private int _files;

    public string Path { get; } = Directory.CreateTempSubdirectory("tinyvex-bench-").FullName;

    /// <summary>A path at which there is nothing yet.</summary>
    public string NewDatabase() => System.IO.Path.Combine(Path, $"{++_files}.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
