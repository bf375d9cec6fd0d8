using System.CommandLine;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Terminal;
using Tinyvex.Cli.Turns;
using Tinyvex.Hosting;
using Tinyvex.Storage;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex restore</c>: a backup in the place of the database.</summary>
internal static class RestoreVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The backup. It stays as it is." };
        UnknownOptions.Refuse(file);
        var json = CommonOptions.Json("what was put where, and where the old database is kept");
        var database = ServerArguments.Database();
        var verb = new Command("restore", """
            Check a backup and put a copy of it in the place of the database. The database as it was is kept
            beside it. No server may run: 'tinyvex stop' first. Clients that come back get a new snapshot.
            """)
        {
            file,
            json,
            database,
        };
        verb.SetAction((parsed, _) => RestoreAsync(parsed.GetValue(database), parsed.GetValue(file)!, parsed.GetValue(json)));
        return verb;
    }

    private static async Task<int> RestoreAsync(string? database, string file, bool json)
    {
        if (!File.Exists(file)) throw new StartupException(ExitCode.WrongUsage, $"There is no file {file}.");
        var backup = DataDirectory.Resolve(file);
        var path = DataDirectory.Prepare(database ?? DataDirectory.DefaultDatabase);
        if (backup == path) throw new StartupException(ExitCode.WrongUsage, $"{backup} is the database itself. Name a backup of it.");
        using var stop = new StopSignal(withStdin: false);
        string? kept;
        try
        {
            kept = await Task.Run(() => Restore(backup, path, stop.Token), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("tinyvex: interrupted; the database is as it was.");
            return RunOutcome.Cancelled;
        }

        if (json)
        {
            JsonLines.Print(new JsonObject { ["db"] = path, ["restoredFrom"] = backup, ["kept"] = kept });
            return 0;
        }

        Console.WriteLine($"Restored {path} from {backup}.");
        if (kept is not null) Console.WriteLine($"What was there is kept as {kept}.");
        return 0;
    }

    private static string? Restore(string backup, string path, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        using var instance = InstanceLock.TryTake(path)
            ?? throw new StartupException(ExitCode.AlreadyRunning, $"A server holds {path}. Stop it first, with: tinyvex stop{DataDirectory.Arguments(path)}");
        using var bar = new ProgressBar(Screen.Error, "Restoring", TimeProvider.System);
        return DatabaseRestore.Put(backup, path, TimeProvider.System, bar.Report, cancellationToken);
    }
}
