namespace Tinyvex.Cli.Transfers;

/// <summary>Reads one file, and brings in the threads that are in it.</summary>
internal abstract class ImportSource
{
    /// <summary>What the file is, in a few words.</summary>
    public abstract string Name { get; }

    public abstract Task ReadAsync(ImportSink sink, CancellationToken cancellationToken);
}
