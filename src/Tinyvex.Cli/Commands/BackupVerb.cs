using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Terminal;
using Tinyvex.Cli.Turns;
using Tinyvex.Hosting;
using Tinyvex.Storage;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex backup</c>: a checked copy of the database, while the server goes on.</summary>
internal static class BackupVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The file to write." };
        UnknownOptions.Refuse(file);
        var force = new Option<bool>("--force") { Description = "Replace the file where there is one." };
        var json = CommonOptions.Json("what was written");
        var database = ServerArguments.Database();
        var verb = new Command("backup", """
            Copy the database into one file, and check the copy. It holds what was committed at the moment
            it began; a running server goes on meanwhile. 'tinyvex restore' puts it back.
            """)
        {
            file,
            force,
            json,
            database,
        };
        verb.SetAction((parsed, _) => CopyAsync(parsed.GetValue(database), parsed.GetValue(file)!, parsed.GetValue(force), parsed.GetValue(json)));
        return verb;
    }

    private static async Task<int> CopyAsync(string? database, string file, bool force, bool json)
    {
        var source = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        var target = Target(file, source, force);
        using var stop = new StopSignal(withStdin: false);
        var started = TimeProvider.System.GetTimestamp();
        BackupProgress done;
        try
        {
            done = await Task.Run(() => Copy(source, target, force, stop.Token), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("tinyvex: interrupted; nothing was written.");
            return RunOutcome.Cancelled;
        }

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        if (json) JsonLines.Print(new JsonObject { ["file"] = target, ["db"] = source, ["pages"] = done.Pages, ["bytes"] = done.Bytes, ["seconds"] = Math.Round(seconds, 3) });
        else Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {target}: {Moment.Size(done.Bytes)} in {seconds:0.0} s, checked. To put it back: tinyvex stop{DataDirectory.Arguments(source)}, tinyvex restore{DataDirectory.Arguments(source)} {file}"));
        return 0;
    }

    private static BackupProgress Copy(string source, string target, bool force, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        var part = target + ".part";
        if (force) File.Delete(part);
        else if (File.Exists(part)) throw Refused($"{part} is there already: another backup writes it, or one was killed. Remove it, or say --force.");
        // Where no server runs, none starts in the middle of this.
        using var instance = File.Exists(source) ? InstanceLock.TryTake(source) : null;
        using var bar = new ProgressBar(Screen.Error, "Copying", TimeProvider.System);
        var done = DatabaseBackup.Make(source, part, isShared: instance is null, bar.Report, cancellationToken);
        try
        {
            File.Move(part, target, overwrite: force);
            return done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw new StartupException(ExitCode.InternalError, $"{target} cannot be written: {exception.Message}", exception);
        }
    }

    private static string Target(string file, string source, bool force)
    {
        if (Directory.Exists(file)) throw Refused($"{file} is a directory. Name a file in it, such as {Path.Combine(file, "tinyvex.backup")}.");
        var target = DataDirectory.Resolve(file);
        if (!Directory.Exists(Path.GetDirectoryName(target))) throw Refused($"There is no directory {Path.GetDirectoryName(target)}. Make it first.");
        var names = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        if (((string[])["", "-wal", "-shm", "-journal", "-lock", "-server.json"]).Any(ending => target.Equals(source + ending, names)))
        {
            throw Refused($"{target} is the database itself, or belongs to it. Name another file.");
        }

        return force || !File.Exists(target) ? target : throw Refused($"{target} is there already. Name another file, or say --force to replace it.");
    }

    private static StartupException Refused(string message) => new(ExitCode.WrongUsage, message);
}
