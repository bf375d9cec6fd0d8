using System.CommandLine;
using Tinyvex.CodexExec;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex codex-exec</c>: an agent over <c>codex exec --json</c>.</summary>
internal static class CodexExecVerb
{
    public static Command Create()
    {
        var codex = new Option<string?>("--codex") { Description = "The codex program. Without it, $CODEX_BIN, or codex in the PATH.", HelpName = "PATH" };
        var sessions = new Option<string?>("--sessions")
        {
            Description = "Folder that keeps which of codex's threads a session is. Without it, codex-exec in tinyvex's data directory.",
            HelpName = "FOLDER",
        };
        var arguments = new Argument<string[]>("args")
        {
            Description = "What codex gets beside, behind --, such as -- --model NAME.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var verb = new Command("codex-exec", """
            Be an ACP agent on stdin and stdout that runs codex exec --json: one process of codex for each
            turn, and codex's own threads from turn to turn. It is the agent codex-exec of every server.
            """)
        {
            arguments,
            codex,
            sessions,
        };
        verb.SetAction((parsed, cancellationToken) => CodexExecAgent.RunAsync(
            new CodexExecOptions
            {
                Program = parsed.GetValue(codex),
                Arguments = parsed.GetValue(arguments) ?? [],
                SessionsFolder = parsed.GetValue(sessions) ?? Path.Combine(Path.GetDirectoryName(DataDirectory.DefaultDatabase)!, "codex-exec"),
                GuardCommand = [.. ServerArguments.SelfCommand, "guard"],
            },
            Console.OpenStandardInput(), Console.OpenStandardOutput(), ServerArguments.LoggersForCommand().CreateLogger("Tinyvex"), cancellationToken));
        return verb;
    }
}
