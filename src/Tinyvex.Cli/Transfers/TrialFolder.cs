namespace Tinyvex.Cli.Transfers;

/// <summary>A place for the database of a trial run where there is none yet; it goes with the run.</summary>
internal sealed class TrialFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tinyvex-trial-");

    public string Database => Path.Combine(_folder.FullName, "trial.db");

    public void Dispose() => _folder.Delete(recursive: true);
}
