// dotnet run --project examples/host-csharp [database]
//
// An app with an agent of its own, which speaks with the server by stdin and stdout alone. It says back what it was told, word by
// word, asks before it shouts, and stops when it is told to. TINYVEX_BINARY names the server's file, such as
// artifacts/linux-x64/tinyvex; without it, it is looked for in the PATH.
using System.Diagnostics;
using System.Text.Json.Nodes;
using HostCSharp;

var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("TINYVEX_BINARY") ?? "tinyvex")
{
    ArgumentList =
    {
        "serve", "--port", "0", "--db", args is [var database, ..] ? database : "host-example.db",
        // The server ends with us, and takes our lines.
        "--ingest-stdin", "--exit-with-stdin", "--parent-pid", $"{Environment.ProcessId}",
    },
    RedirectStandardInput = true,
    RedirectStandardOutput = true,
};
using var server = Process.Start(start)!;
var lines = new Lines(server.StandardInput);
var turns = new Dictionary<string, EchoTurn>();

while (await server.StandardOutput.ReadLineAsync() is { } text)
{
    var line = JsonNode.Parse(text)!;
    var runId = (string?)line["runId"] ?? "";
    switch ((string?)line["type"])
    {
        case "tinyvex.ready":
            Console.WriteLine($"Agent 'echo' runs at {line["url"]}");
            lines.Send(new JsonObject { ["control"] = "agent.attach", ["id"] = "attach", ["name"] = "echo", ["title"] = "Echo" });
            break;
        case "run.requested":
            var turn = turns[runId] = new EchoTurn(lines, line);
            _ = Task.Run(turn.RunAsync);
            break;
        case "run.cancel_requested" when turns.TryGetValue(runId, out var cancelled):
            cancelled.Cancel();
            break;
        case "permission.answered" when turns.TryGetValue(runId, out var asking):
            asking.Answer((string?)line["outcome"]?["optionId"]);
            break;
        case "tinyvex.ack" when ((string?)line["id"])?.StartsWith("end ", StringComparison.Ordinal) == true:
            turns.Remove(((string)line["id"]!)["end ".Length..]);
            break;
        case "tinyvex.error" or "tinyvex.already_running":
            Console.Error.WriteLine(text);
            break;
    }
}

await server.WaitForExitAsync();
return server.ExitCode;
