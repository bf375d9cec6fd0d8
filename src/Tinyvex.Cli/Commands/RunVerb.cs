using System.CommandLine;
using Tinyvex.Cli.Terminal;
using Tinyvex.Connections;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex run</c>: one prompt to the running server, shown as it streams.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var prompt = new Argument<string>("prompt") { Description = "What the agent is asked to do." };
        UnknownOptions.Refuse(prompt);
        var agent = new Option<string?>("--agent") { Description = "The agent; without it, the thread's, or the server's default.", HelpName = "NAME" };
        var thread = new Option<string?>("--thread") { Description = "A thread to go on with; without it, a new one.", HelpName = "ID" };
        var database = ServerArguments.Database();
        var verb = new Command("run", "Send a prompt to the running server and show the turn. Ctrl-C cancels the turn, a second one quits.")
        {
            prompt,
            agent,
            thread,
            database,
        };
        verb.SetAction(async (parsed, _) =>
        {
            var path = DataDirectory.Resolve(parsed.GetValue(database) ?? DataDirectory.DefaultDatabase);
            var server = RuntimeFile.Find(path)
                ?? throw new StartupException(ExitCode.InternalError, $"No server runs on {path}. Start one with: tinyvex serve");
            using var socket = await ServerSocket.ConnectAsync(new Uri(server.Url), server.Token, Subprotocols.Sync, CancellationToken.None);
            return await RunAsync(
                new TurnClient(socket), parsed.GetValue(prompt)!, parsed.GetValue(agent), parsed.GetValue(thread),
                // A new thread works where its prompt was typed.
                parsed.GetValue(thread) is null ? Environment.CurrentDirectory : null);
        });
        return verb;
    }

    private static async Task<int> RunAsync(TurnClient client, string prompt, string? agent, string? thread, string? directory)
    {
        using var first = new StopSignal(withStdin: false);
        using var quit = new CancellationTokenSource();
        var turn = client.RunAsync(prompt, agent, thread, directory, quit.Token);
        if (await Task.WhenAny(turn, first.Requested) != turn)
        {
            using var second = new StopSignal(withStdin: false);
            await client.CancelAsync(quit.Token);
            if (await Task.WhenAny(turn, second.Requested) != turn) return 130;
        }

        return await turn ? 0 : 1;
    }
}
