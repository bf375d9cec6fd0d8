using Microsoft.Extensions.Logging;
using Tinyvex.Admission;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary>A link for a command about threads that are there: to the running server, or, where none runs, to one of its own.</summary>
internal sealed class ThreadsLink : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    private ThreadsLink(ServerLink server, ILoggerFactory loggers) => (Server, _loggers) = (server, loggers);

    public ServerLink Server { get; }

    /// <param name="database">The file, or null for this user's.</param>
    /// <returns>Null where there is no database: such a command makes none.</returns>
    public static async Task<ThreadsLink?> TryOpenAsync(string? database, CancellationToken cancellationToken)
    {
        var options = ServerArguments.ForConversations(database);
        if (!File.Exists(options.DatabasePath) && RuntimeFile.Find(options.DatabasePath) is null) return null;
        var loggers = ServerArguments.LoggersForCommand();
        try
        {
            return new ThreadsLink(await ServerLink.ToAnyAsync(options, Subprotocols.Sync, loggers, cancellationToken), loggers);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }

    /// <summary>The same for a command that needs a thread.</summary>
    /// <exception cref="StartupException">There is no database, and so no thread.</exception>
    public static async Task<ThreadsLink> OpenAsync(string? database, CancellationToken cancellationToken) =>
        await TryOpenAsync(database, cancellationToken) ?? throw new StartupException(ExitCode.InternalError, ThreadRows.NoneYet(ServerArguments.DatabaseOf(database)));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _loggers.Dispose();
    }
}
