namespace Tinyvex.Hosting;

/// <summary>Another server holds the database.</summary>
internal sealed class AlreadyRunningException(string database, RuntimeFile? server) : Exception
{
    public string Database { get; } = database;

    /// <summary>Where that server is; null where it has not said so yet.</summary>
    public RuntimeFile? Server { get; } = server;

    public override string Message => Server is { } running
        ? $"A server holds {Database} already: {running.Url}, process {running.Pid}. Use that one, or name another file with --db."
        : $"Another process holds {Database}. Wait for it to start or to end, or name another file with --db.";
}
