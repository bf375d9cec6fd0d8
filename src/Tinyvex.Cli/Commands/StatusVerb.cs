using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Admission;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex status</c>: whether a server runs, and what is in it.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        var showToken = new Option<bool>("--show-token") { Description = "Also print the token that clients connect with. Whoever has it can run commands here." };
        var json = CommonOptions.Json("the same as one object");
        var database = ServerArguments.Database();
        var verb = new Command("status", """
            Say whether a server runs on the database, where it listens, and what it holds. The exit code
            is 0 where one runs and 1 where none does.
            """)
        {
            showToken,
            json,
            database,
        };
        verb.SetAction((parsed, cancellationToken) =>
            SayAsync(parsed.GetValue(database), parsed.GetValue(showToken), parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> SayAsync(string? database, bool showToken, bool json, CancellationToken cancellationToken)
    {
        var path = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        if (RuntimeFile.Find(path) is not { } server)
        {
            if (json) JsonLines.Print(new JsonObject { ["running"] = false, ["db"] = path });
            else Console.WriteLine(NotRunning(path));
            return (int)ExitCode.InternalError;
        }

        await using var link = await ServerLink.ToRunningAsync(path, Subprotocols.Sync, cancellationToken);
        var info = (await link.QueryAsync("server.info", [], cancellationToken)).GetProperty("rows")[0];
        if (json)
        {
            var status = new JsonObject { ["running"] = true, ["url"] = server.Url, ["ws"] = server.Ws, ["pid"] = server.Pid, ["db"] = path };
            if (showToken) status["token"] = server.Token;
            foreach (var field in info.EnumerateObject()) status[field.Name] = JsonNode.Parse(field.Value.GetRawText());
            JsonLines.Print(status);
            return 0;
        }

        foreach (var (name, value) in Lines(server, path, info)) Console.WriteLine($"{Screen.Output.Dim(name.PadRight(12))}{Printable.Line(value)}");
        if (showToken) Console.WriteLine($"{Screen.Output.Dim("token".PadRight(12))}{server.Token ?? "none is needed"}");
        return 0;
    }

    private static string NotRunning(string path) => File.Exists(path)
        ? $"No server runs on {path} ({Moment.Size(new FileInfo(path).Length)}). Start one with: tinyvex serve{DataDirectory.Arguments(path)}"
        : $"No server runs, and {path} is not there yet. Start one with: tinyvex serve{DataDirectory.Arguments(path)}";

    private static IEnumerable<(string Name, string Value)> Lines(RuntimeFile server, string path, JsonElement info)
    {
        var since = info.Number("startedAt")!.Value;
        yield return ("server", $"{server.Url}, process {server.Pid}");
        yield return ("since", $"{Moment.Date(since, TimeProvider.System)} ({Moment.Ago(since, TimeProvider.System)})");
        yield return ("version", $"{info.Text("version")}, SQLite {info.Text("sqliteVersion")}");
        yield return ("database", path);
        yield return ("", $"{Moment.Size(info.Number("databaseBytes")!.Value)}, and {Moment.Size(info.Number("walBytes")!.Value)} in its WAL");
        yield return ("store", info.Text("storeId")!);
        if (info.Text("trouble") is { } trouble) yield return ("trouble", $"it takes no writes: {trouble}");
        yield return ("threads", $"{Count("threads")} with {Plural.Of(info.Number("messages")!.Value, "message")}");
        yield return ("runs", $"{Count("runsRunning")} running, {Count("runsQueued")} queued");
        yield return ("permissions", $"{Count("permissionsPending")} pending");
        yield return ("agents", $"{Count("agents")} alive");
        // This command's own is over when it is read.
        yield return ("connections", $"{(info.Number("connections")!.Value - 1).ToString("N0", CultureInfo.InvariantCulture)} with {Plural.Of(info.Number("subscriptions")!.Value, "subscription")}, {Count("readersBehind")} behind");
        yield return ("memory", Moment.Size(info.Number("memoryBytes")!.Value));

        string Count(string field) => info.Number(field)!.Value.ToString("N0", CultureInfo.InvariantCulture);
    }
}
