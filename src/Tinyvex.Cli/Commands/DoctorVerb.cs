using System.CommandLine;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;
using Tinyvex.Storage;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex doctor</c>: whether the database is sound, what takes the room in it, and the mending of what can be mended.</summary>
internal static class DoctorVerb
{
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var repair = new Option<bool>("--repair") { Description = "Mend what can be mended without losing anything. No server may run; a copy of the file is kept." };
        var json = CommonOptions.Json("sizes, and what was found");
        var database = ServerArguments.Database();
        var verb = new Command("doctor", """
            Check the database from end to end, and say what takes the room in it. A server may go on
            meanwhile. The exit code is 0 where it is sound and 1 where something is wrong with it.
            """)
        {
            repair,
            json,
            database,
        };
        verb.SetAction((parsed, _) => ExamineAsync(parsed.GetValue(database), parsed.GetValue(repair), parsed.GetValue(json)));
        return verb;
    }

    private static async Task<int> ExamineAsync(string? database, bool repair, bool json)
    {
        SQLitePCL.Batteries_V2.Init();
        var path = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        if (DatabaseFile.Inspect(path).Kind == DatabaseKind.None)
        {
            throw new StartupException(ExitCode.DatabaseUnusable, $"There is no database {path}. Name one with --db; 'tinyvex serve{DataDirectory.Arguments(path)}' makes it.");
        }

        // Where no server runs, none starts in the middle of this.
        using var instance = InstanceLock.TryTake(path);
        if (repair && instance is null) throw new StartupException(ExitCode.AlreadyRunning, $"A server holds {path}. Stop it first, with: tinyvex stop{DataDirectory.Arguments(path)}");
        var (sizes, findings) = await ShowingProgressAsync("Checking", () => Examine(path, isRunning: instance is null));
        var remedies = findings.Where(finding => finding.Remedy is not null).Select(finding => finding.Remedy!.Value).ToHashSet();
        string? copy = null;
        List<Finding> mended = [];
        if (repair && remedies.Count > 0)
        {
            copy = await ShowingProgressAsync("Mending", () => Mend(path, remedies));
            var before = findings;
            (sizes, findings) = await ShowingProgressAsync("Checking again", () => Examine(path, isRunning: false));
            mended = [.. before.Where(finding => !findings.Exists(left => left.Text == finding.Text))];
        }

        if (json) PrintJson(path, sizes, findings, mended, copy);
        else Print(path, sizes, findings, mended, copy);
        return findings.Exists(finding => finding.IsFault) ? (int)ExitCode.InternalError : 0;
    }

    private static (List<(string What, long Bytes)> Sizes, List<Finding> Findings) Examine(string path, bool isRunning)
    {
        using var store = DatabaseFile.OpenToLook(path, isRunning);
        try
        {
            var findings = Examination.Of(store, path, isRunning);
            return (Examination.Sizes(store), findings);
        }
        catch (StoreFailure failure)
        {
            throw DatabaseFile.Explain(path, failure);
        }
    }

    private static string? Mend(string path, IReadOnlySet<Remedy> remedies)
    {
        try
        {
            return DatabaseRepair.Mend(path, remedies, TimeProvider.System);
        }
        catch (StoreFailure failure)
        {
            throw DatabaseFile.Explain(path, failure);
        }
    }

    private static async Task<T> ShowingProgressAsync<T>(string what, Func<T> work)
    {
        var line = new ProgressLine(Screen.Error);
        var started = TimeProvider.System.GetTimestamp();
        var working = Task.Run(work);
        while (await Task.WhenAny(working, Task.Delay(DrawInterval, TimeProvider.System)) != working) line.Show(what, TimeProvider.System.GetElapsedTime(started));
        line.Clear();
        return await working;
    }

    private static void Print(string path, List<(string What, long Bytes)> sizes, List<Finding> findings, List<Finding> mended, string? copy)
    {
        var screen = Screen.Output;
        Console.WriteLine($"{path}: {Moment.Size(new FileInfo(path).Length)}{(Wal(path) is > 0 and var wal ? $", and {Moment.Size(wal)} in its WAL" : "")}");
        foreach (var (what, bytes) in sizes) Console.WriteLine($"  {screen.Dim(what.PadRight(14))}{Moment.Size(bytes),12}");
        Console.WriteLine();
        foreach (var finding in mended) Console.WriteLine($"{screen.Green("mended")}  {Printable.Line(finding.Text)}");
        foreach (var finding in findings) Console.WriteLine($"{(finding.IsFault ? screen.Red("fault") : screen.Dim("note"))}   {Printable.Line(finding.Text)}");
        if (copy is not null) Console.WriteLine($"The file as it was is kept as {copy}.");
        if (findings.TrueForAll(finding => !finding.IsFault)) Console.WriteLine("The database is sound.");
        else if (findings.Exists(finding => finding.Remedy is not null)) Console.WriteLine($"Mend what can be mended with: tinyvex stop{DataDirectory.Arguments(path)}; tinyvex doctor --repair{DataDirectory.Arguments(path)}");
    }

    private static void PrintJson(string path, List<(string What, long Bytes)> sizes, List<Finding> findings, List<Finding> mended, string? copy) =>
        JsonLines.Print(new JsonObject
        {
            ["db"] = path,
            ["sound"] = findings.TrueForAll(finding => !finding.IsFault),
            ["bytes"] = new FileInfo(path).Length,
            ["walBytes"] = Wal(path),
            ["sizes"] = new JsonObject(sizes.Select(size => KeyValuePair.Create(size.What, (JsonNode?)size.Bytes))),
            ["findings"] = new JsonArray([.. findings.Select(finding => (JsonNode)new JsonObject
            {
                ["text"] = finding.Text, ["fault"] = finding.IsFault, ["canBeMended"] = finding.Remedy is not null,
            })]),
            ["mended"] = new JsonArray([.. mended.Select(finding => (JsonNode)finding.Text)]),
            ["kept"] = copy,
        });

    private static long Wal(string path) => new FileInfo(path + "-wal") is { Exists: true } wal ? wal.Length : 0;
}
