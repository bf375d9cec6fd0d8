using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What tests of terminals and files have in common.</summary>
internal static class TerminalStage
{
    /// <summary>For an agent's script: runs a command to its end and answers what the agent is told of it.</summary>
    public const string Run = """
        const run = async (command, args, more) => {
          const created = await ask('terminal/create', { command, args, ...more });
          if (created.error) throw new Error(created.error.message);
          const terminalId = created.result.terminalId;
          const exit = (await ask('terminal/wait_for_exit', { terminalId })).result;
          const output = (await ask('terminal/output', { terminalId })).result;
          return { terminalId, exit, output };
        };

        """;

    /// <summary>Of a prompt: that the thread works in the stage's folder.</summary>
    public static string In(AgentStage stage) => $",\"workingDirectory\":{Wire.Quote(stage.Folder.Path)}";

    /// <summary>Runs a turn in the stage's folder, and answers what the agent said in it.</summary>
    public static async Task<(string ThreadId, string Said)> RunAsync(AgentStage stage, string text = "go")
    {
        var (threadId, run) = await stage.SubmitAsync(text, more: In(stage));
        var ended = await stage.EndAsync(run);
        return ended.Text("status") == "completed"
            ? (threadId, (await stage.RowsAsync("messages.list", threadId))[^1].Text("text"))
            : throw new InvalidOperationException(ended.ToString());
    }

    public static bool IsSleep(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").StartsWith("sleep\0", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
