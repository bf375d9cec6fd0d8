using Microsoft.Extensions.Logging;
using Tinyvex.Replaying;

namespace Tinyvex.CodexExec;

/// <summary>
/// An ACP agent of our own over <c>codex exec --json</c>: a process of codex for each turn, whose events become session updates. It needs
/// nothing but codex itself.
/// </summary>
internal static class CodexExecAgent
{
    private const int Ended = 0;
    private const int OutputFailed = 1;

    /// <returns>The exit code: 0 after the end of the input, 1 when nobody reads the output.</returns>
    public static async Task<int> RunAsync(CodexExecOptions options, Stream stdin, Stream stdout, ILogger logger, CancellationToken cancellationToken)
    {
        using var writer = new MessageWriter(stdout);
        var connection = new CodexConnection(options, writer, logger);
        // Reading gets a thread of its own: it blocks, and the pool of a small machine has no thread to spare for that.
        var serving = Task.Factory.StartNew(() => connection.Serve(stdin), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var ended = await Task.WhenAny(serving, writer.Failed).WaitAsync(cancellationToken);
        await connection.StopAsync();
        if (ended != serving) return OutputFailed;
        await serving;
        return Ended;
    }
}
