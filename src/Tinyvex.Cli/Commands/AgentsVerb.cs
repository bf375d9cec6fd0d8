using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using Tinyvex.Agents;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Connections;
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
            List the agents of the running server, or, where none runs, those of agents.json beside the
            database, and say which of them can be started here.
            """)
        {
            json,
            database,
        };
        verb.SetAction((parsed, cancellationToken) => ListAsync(parsed.GetValue(database), parsed.GetValue(json), cancellationToken));
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

        var table = new Table(Screen.Output, flexible: 1, "NAME", "TITLE", "COMMAND", "STATE") { Dispensable = [2] };
        foreach (var row in rows)
        {
            var available = row.Is("available");
            var state = (available ? "ready" : "not found") + (row.Is("default") ? ", default" : "");
            table.Add(
                [row.Text("name")!, row.Text("title") ?? "", row.Text("command") ?? "", state],
                (column, text) => column switch
                {
                    0 => Screen.Output.Cyan(text),
                    3 => available ? Screen.Output.Green(text) : Screen.Output.Red(text),
                    _ => text,
                });
        }

        table.Print();
        foreach (var row in rows.Where(row => !row.Is("available")))
        {
            Console.WriteLine();
            Console.WriteLine(Screen.Output.Yellow($"{Printable.Line(row.Text("name")!)}: {Printable.Line(row.Text("reason") ?? "it cannot be started")}."));
            Console.WriteLine("  Install it, or give its full path in agents.json or with --agent.");
        }

        if (rows.TrueForAll(row => row.Text("name") == "replay"))
        {
            Console.WriteLine();
            Console.WriteLine("That is the recorded one. Add one of your own: tinyvex serve --agent codex=\"npx -y @agentclientprotocol/codex-acp\"");
        }

        return 0;
    }

    public static async Task<List<JsonElement>> ReadAsync(string? database, CancellationToken cancellationToken)
    {
        var path = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        if (RuntimeFile.Find(path) is not null)
        {
            await using var link = await ServerLink.ToRunningAsync(path, Subprotocols.Sync, cancellationToken);
            return [.. (await link.QueryAsync("agents.list", [], cancellationToken)).Items("rows")];
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            new AgentCatalog(ServerArguments.ForCommand(database, [])).Write(json);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return [.. document.RootElement.Clone().Items("rows")];
    }
}
