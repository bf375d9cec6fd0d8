using System.Net.WebSockets;
using Microsoft.Data.Sqlite;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>The server, which is killed at random moments and started again at the same address.</summary>
internal sealed class Chaos(string database, Random random, string[] arguments) : IAsyncDisposable
{
    private const string Token = "the-storm-shows-this-token";

    private readonly Dictionary<string, string?> _environment = new() { ["TINYVEX_TOKEN"] = Token };
    private ServerProcess _server = null!;
    private SqliteConnection? _file;

    public int Kills { get; private set; }

    /// <summary>What all servers logged.</summary>
    public string Errors { get; private set; } = "";

    public Uri Ws { get; private set; } = null!;

    public static void Authorize(ClientWebSocketOptions options) => options.SetRequestHeader("Authorization", "Bearer " + Token);

    public async Task StartAsync()
    {
        _server = await ServerProcess.StartAsync(database, arguments, _environment, port: Ws?.Port ?? 0);
        Ws = _server.Ws;
        _file ??= OriginalFile.Open(database, SqliteOpenMode.ReadOnly);
    }

    public async Task KillAsync()
    {
        await _server.KillAsync();
        await _server.DisposeAsync();
        Errors += _server.Errors;
        Kills++;
    }

    /// <summary>Kills the server when so many writes were acked, again and again, until all are.</summary>
    public async Task RunAsync(StormState storm, IReadOnlyList<int> moments)
    {
        foreach (var moment in moments)
        {
            await Deadline.UntilAsync(() => storm.Ledger.Acks >= moment || storm.IsStill || storm.HasFailed, $"{moment} acks, {storm.Ledger.Acks} are there", TimeSpan.FromMinutes(2));
            if (storm.HasFailed) return;
            await KillAsync();
            await StartAsync();
            // Some lives end as soon as they begin, in the midst of all coming back.
            if (random.Next(4) > 0) continue;
            await KillAsync();
            await StartAsync();
        }
    }

    /// <summary>Up to where the log is committed, read from the file behind the server's back.</summary>
    public long Committed()
    {
        lock (_environment)
        {
            using var command = _file!.CreateCommand();
            command.CommandText = "SELECT coalesce(max(id), 0) FROM acp_events";
            return (long)command.ExecuteScalar()!;
        }
    }

    public string Select(string sql) => OriginalFile.Select(database, sql);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Errors += _server?.Errors;
        if (_file is not null) await _file.DisposeAsync();
    }
}
