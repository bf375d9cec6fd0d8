using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Admission;
using Tinyvex.Agents;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex agents</c>: which agents there are, and whether they can be started.</summary>
internal static class AgentsVerb
{
    public static Command Create()
    {
        var json = CommonOptions.Json("an agent a line");
        var database = ServerArguments.Database();
        var verb = new Command("agents", """
            List the agents of the running server, or, where none runs, those that a server here would
            have: configured in agents.json beside the database, and known ones. It says which are
            installed, and how to install and log in to the others.
            """)
        {
            json,
            database,
        };
        verb.SetAction((parsed, cancellationToken) => ListAsync(parsed.GetValue(database), parsed.GetValue(json), cancellationToken));
        foreach (var command in AgentsFileCommands.Create()) verb.Subcommands.Add(command);
        return verb;
    }

    private static async Task<int> ListAsync(string? database, bool json, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(database, cancellationToken);
        if (json)
        {
            foreach (var row in rows) JsonLines.Print(row);
            return 0;
        }

        var table = new Table(Screen.Output, flexible: 1, "NAME", "TITLE", "VERSION", "COMMAND", "STATE") { Dispensable = [3, 2] };
        foreach (var row in rows)
        {
            var state = State(row);
            table.Add(
                [row.Text("name")!, row.Text("title") ?? "", row.Text("version") ?? "", row.Text("command") ?? "", state],
                (column, text) => column switch
                {
                    0 => Screen.Output.Cyan(text),
                    4 when IsMissing(row) => Screen.Output.Dim(text),
                    4 => row.Is("available") && !row.Is("wantsLogin") ? Screen.Output.Green(text) : Screen.Output.Red(text),
                    _ => text,
                });
        }

        table.Print();
        foreach (var row in rows.Where(row => !row.Is("available") && !IsMissing(row)))
        {
            Console.WriteLine();
            Console.WriteLine(Screen.Output.Yellow($"{Printable.Line(row.Text("name")!)}: {Printable.Line(row.Text("reason") ?? "it cannot be started")}."));
            Console.WriteLine(row.Text("install") is { } install
                ? $"  Install it: {Printable.Line(install)}"
                : "  Install it, or give its full path in agents.json or with --agent.");
        }

        foreach (var row in rows.Where(row => row.Is("wantsLogin") && row.Text("login") is not null))
        {
            Console.WriteLine();
            Console.WriteLine(Screen.Output.Yellow($"{Printable.Line(row.Text("name")!)} wants a login: {Printable.Line(row.Text("login")!)}"));
        }

        if (rows.Where(IsMissing).ToList() is { Count: > 0 } missing)
        {
            Console.WriteLine();
            Console.WriteLine("To install one, and to log in to it:");
            var width = missing.Max(row => row.Text("name")!.Length);
            foreach (var row in missing)
            {
                Console.WriteLine($"  {row.Text("name")!.PadRight(width)}  {row.Text("install")}{Screen.Output.Dim($"  ({row.Text("login")})")}");
            }

            Console.WriteLine($"For any other: tinyvex agents add{DataDirectory.Arguments(ServerArguments.DatabaseOf(database))} NAME -- COMMAND ARGS");
        }

        return 0;
    }

    private static string State(JsonElement row) =>
        (row.Is("wantsLogin") ? "wants a login" : row.Is("available") ? "ready" : IsMissing(row) ? "not installed" : "not found")
        + (row.Is("default") ? ", default" : "");

    /// <summary>Known, and not installed, which is no fault.</summary>
    private static bool IsMissing(JsonElement row) => !row.Is("available") && row.Text("source") == "known" && !row.Is("default");

    public static async Task<List<JsonElement>> ReadAsync(string? database, CancellationToken cancellationToken)
    {
        var path = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        if (RuntimeFile.Find(path) is not null)
        {
            await using var link = await ServerLink.ToRunningAsync(path, Subprotocols.Sync, cancellationToken);
            return [.. (await link.QueryAsync("agents.list", [], cancellationToken)).Items("rows")];
        }

        var catalog = new AgentCatalog(ServerArguments.ForCommand(database, []), NullLogger.Instance);
        // The first asks for the versions that no package tells.
        Write(catalog);
        await catalog.SettleAsync();
        using var document = JsonDocument.Parse(Write(catalog));
        return [.. document.RootElement.Clone().Items("rows")];
    }

    private static ReadOnlyMemory<byte> Write(AgentCatalog catalog)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            catalog.Write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
