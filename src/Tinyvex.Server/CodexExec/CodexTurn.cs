using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Agents;
using Tinyvex.Replaying;

namespace Tinyvex.CodexExec;

/// <summary>One prompt and the process of codex that works on it.</summary>
/// <param name="keepThread">Told which of codex's threads the session is, as soon as codex says it; null when codex has lost it.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer has nothing to free, and a cancel may come after the end.")]
internal sealed class CodexTurn(CodexSession session, CodexExecOptions options, UpdateWriter updates, Action<string, string?> keepThread, ILogger logger)
{
    private const int MaxLineLength = 64 << 20;

    private readonly CancellationTokenSource _cancelled = new();
    private Task _running = Task.CompletedTask;

    /// <param name="ended">Called with how it ended, whatever happens.</param>
    public void Start(CodexPrompt prompt, Action<TurnResult> ended) => _running = Task.Run(async () =>
    {
        using (prompt)
        {
            ended(await TryRunAsync(prompt));
        }
    });

    public void Cancel() => _cancelled.Cancel();

    public Task StopAsync()
    {
        Cancel();
        return _running;
    }

    private async Task<TurnResult> TryRunAsync(CodexPrompt prompt)
    {
        try
        {
            return await RunAsync(prompt);
        }
        catch (CodexExecException failure)
        {
            return new TurnResult("end_turn", Failure: failure);
        }
        catch (TinyvexException failure)
        {
            return new TurnResult("end_turn", Failure: new CodexExecException(CodexExecException.InternalError, failure.Message));
        }
        catch (Exception bug)
        {
            return new TurnResult("end_turn", Failure: new CodexExecException(CodexExecException.InternalError, "tinyvex codex-exec failed: " + bug));
        }
    }

    private async Task<TurnResult> RunAsync(CodexPrompt prompt)
    {
        var program = options.Program ?? (Environment.GetEnvironmentVariable("CODEX_BIN") is { Length: > 0 } named ? named : "codex");
        var definition = new AgentDefinition { Name = "codex", Command = [program, .. Arguments(prompt)] };
        var own = new TinyvexOptions { DatabasePath = "", GuardCommand = options.GuardCommand };
        using var process = AgentProcess.Start(definition, session.Directory, own, logger);
        var changes = new FileChanges(new Rollout(session.Thread));
        var events = new EventTranslator(updates, changes, thread => keepThread(session.Id, thread));
        // Ended with the turn in any case: what is left of codex then would work on unseen.
        using var ending = _cancelled.Token.Register(() => _ = process.StopAsync());
        try
        {
            var sending = SendAsync(process.Input, prompt.Text);
            await Task.Factory.StartNew(() => Read(process.Output, events), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await sending;
            if (!_cancelled.IsCancellationRequested) await process.Exited;
        }
        finally
        {
            await process.StopAsync();
        }

        events.EndOpenCalls();
        if (_cancelled.IsCancellationRequested) return new TurnResult("cancelled", events.Usage);
        var exitCode = await process.Exited;
        if (Failure(events, exitCode, process.LastWords()) is { } failure) return new TurnResult("end_turn", Failure: failure);
        events.TellUsage();
        return new TurnResult("end_turn", events.Usage);
    }

    private IEnumerable<string> Arguments(CodexPrompt prompt)
    {
        string[] resume = session.Thread is { } thread ? ["resume", thread] : [];
        // Each image joined to its option, which would take the next word for another one else.
        return
        [
            "exec", "--json", "--skip-git-repo-check", "--cd", session.Directory,
            .. SandboxModes.Arguments(session.Mode), .. options.Arguments, .. resume, .. prompt.Images.Select(image => "--image=" + image), "-",
        ];
    }

    private static async Task SendAsync(Stream input, string text)
    {
        try
        {
            await input.WriteAsync(Encoding.UTF8.GetBytes(text));
            await input.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It ended before it had read the prompt, and says itself why.
        }
    }

    private static void Read(Stream output, EventTranslator events)
    {
        var reader = new LineReader(output, MaxLineLength);
        while (true)
        {
            try
            {
                if (reader.Read() is not { } line) return;
                if (line.IsTooLong || line.Bytes.Span.Trim(" \t"u8).IsEmpty) continue;
                using var document = JsonDocument.Parse(line.Bytes, JsonText.DocumentOptions);
                events.Handle(document.RootElement);
            }
            catch (JsonException)
            {
                // Codex prints a warning on stdout now and then.
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private CodexExecException? Failure(EventTranslator events, int exitCode, string lastWords)
    {
        var said = events.Failure ?? events.LastError;
        if (events.Failure is null && exitCode == 0 && !events.IsUnfinished) return null;
        var how = events.Failure is null ? $"codex exec {(exitCode == 0 ? "ended before its turn did" : $"ended with exit code {exitCode}")}" : null;
        var words = said ?? (lastWords.Length == 0 ? null : lastWords);
        var message = how is null ? words! : words is null ? how : $"{how}: {words}";
        if (session.Thread is not null && !events.IsStarted && IsLostThread(message))
        {
            keepThread(session.Id, null);
            message += " — the next prompt begins a new conversation.";
        }

        return new CodexExecException(WantsLogin(message) ? CodexExecException.AuthRequired : CodexExecException.InternalError, message, exitCode);
    }

    private static bool IsLostThread(string message) => message.Contains("no rollout found", StringComparison.OrdinalIgnoreCase)
        || message.Contains("thread not found", StringComparison.OrdinalIgnoreCase)
        || message.Contains("session not found", StringComparison.OrdinalIgnoreCase);

    private static bool WantsLogin(string message) => message.Contains("401 Unauthorized", StringComparison.OrdinalIgnoreCase)
        || message.Contains("codex login", StringComparison.OrdinalIgnoreCase) || message.Contains("not logged in", StringComparison.OrdinalIgnoreCase)
        || message.Contains("Missing environment variable", StringComparison.OrdinalIgnoreCase);
}
