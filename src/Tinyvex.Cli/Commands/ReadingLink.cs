using Microsoft.Extensions.Logging;
using Tinyvex.Admission;
using Tinyvex.Cli.Links;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary>A link for a command that reads: to the running server, or, where none runs, to one of its own.</summary>
internal sealed class ReadingLink : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    private ReadingLink(ServerLink server, ILoggerFactory loggers) => (Server, _loggers) = (server, loggers);

    public ServerLink Server { get; }

    /// <param name="database">The file, or null for this user's.</param>
    /// <returns>Null where there is no database: one who reads makes none.</returns>
    public static async Task<ReadingLink?> OpenAsync(string? database, CancellationToken cancellationToken)
    {
        var options = ServerArguments.ForConversations(database);
        if (!File.Exists(options.DatabasePath) && RuntimeFile.Find(options.DatabasePath) is null) return null;
        var loggers = ServerArguments.LoggersForCommand();
        try
        {
            return new ReadingLink(await ServerLink.ToAnyAsync(options, Subprotocols.Sync, loggers, cancellationToken), loggers);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _loggers.Dispose();
    }
}
