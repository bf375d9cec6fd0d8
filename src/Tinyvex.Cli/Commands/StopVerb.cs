using System.CommandLine;
using System.Text.Json.Nodes;
using Tinyvex.Admission;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex stop</c>: the orderly end of the running server.</summary>
internal static class StopVerb
{
    /// <summary>A stop promises 3 s; the rest is for a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks at whether the server is gone.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static Command Create()
    {
        var json = CommonOptions.Json("whether a server was stopped, and which");
        var database = ServerArguments.Database();
        var verb = new Command("stop", """
            Stop the running server, and wait until it is gone: turns are cancelled, agents ended, all is
            written. Where no server runs there is nothing to do, and that is fine too (exit code 0).
            """)
        {
            json,
            database,
        };
        verb.SetAction((parsed, cancellationToken) => StopAsync(parsed.GetValue(database), parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> StopAsync(string? database, bool json, CancellationToken cancellationToken)
    {
        var path = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        if (RuntimeFile.Find(path) is not { } server)
        {
            if (InstanceLock.IsTaken(path)) throw new StartupException(ExitCode.InternalError, $"Another process holds {path}, but no server answers there yet. Try again in a moment.");
            if (json) JsonLines.Print(new JsonObject { ["stopped"] = false, ["db"] = path });
            else Console.WriteLine($"No server runs on {path}.");
            return 0;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using (var link = await ServerLink.ToRunningAsync(path, Subprotocols.Sync, patience.Token))
            {
                await link.RequestAsync(new JsonObject { ["control"] = "server.stop" }, patience.Token);
            }

            // The file goes first, the lock last.
            while (RuntimeFile.Read(path)?.Pid == server.Pid || InstanceLock.IsTaken(path)) await Task.Delay(Look, TimeProvider.System, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StartupException(
                ExitCode.InternalError, $"The server, process {server.Pid}, has not stopped within {Patience.TotalSeconds:0} s. End that process if it hangs: nothing that was acked is lost.");
        }

        if (json) JsonLines.Print(new JsonObject { ["stopped"] = true, ["pid"] = server.Pid, ["url"] = server.Url, ["db"] = path });
        else Console.WriteLine($"Stopped the server at {server.Url}, process {server.Pid}.");
        return 0;
    }
}
