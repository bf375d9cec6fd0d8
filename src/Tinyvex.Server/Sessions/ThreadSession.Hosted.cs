using Tinyvex.Attached;

namespace Tinyvex.Sessions;

/// <summary>A turn whose agent a connection runs: it is told of the prompt, and ends the run itself.</summary>
internal sealed partial class ThreadSession
{
    private async Task RunHostedAsync(Turn turn, string agentName)
    {
        var attached = services.Registry.Attached;
        turn.IsHosted = true;
        // One that the host has begun itself is there already.
        var run = attached.Find(turn.RunId);
        try
        {
            if (run is null)
            {
                // While its host is away, the prompt stays queued.
                if (!await attached.ReadyAsync(agentName, turn.Token) || (run = attached.Add(agentName, turn.RunId, ThreadId)) is null)
                {
                    throw new TinyvexException(ErrorCode.AgentUnavailable, $"no connection runs agent '{agentName}' any more");
                }

                if (await StartRunAsync(turn) is not { } started) return;
                attached.Start(run, started.Prompt, started.Thread?.WorkingDirectory);
            }

            LogRunStarted(turn.RunId, agentName);
            await EndOfHostedAsync(turn, run);
        }
        finally
        {
            if (run is not null) attached.Forget(run);
        }
    }

    /// <summary>Waits until the host has ended the run, which then is stored; one that is cancelled it has to end soon.</summary>
    private async Task EndOfHostedAsync(Turn turn, HostedRun run)
    {
        try
        {
            await run.Ended.WaitAsync(turn.Token);
        }
        catch (OperationCanceledException)
        {
            // The end of the server is none of an editor's session.
            if (_stopping.Task.IsCompleted && services.Registry.Held.IsHeld(ThreadId)) throw;
            services.Registry.Attached.Cancel(run);
            var late = Task.WhenAny(Task.Delay(services.Options.CancelGrace, services.Time), StopGraceAsync());
            if (await Task.WhenAny(run.Ended, late) == late) throw new OperationCanceledException("the host did not end the cancelled turn");
            await run.Ended;
        }

        LogRunEnded(turn.RunId, "by its host");
    }

    /// <summary>When the server stops, or the thread is gone, a host has as little time as an agent.</summary>
    private async Task StopGraceAsync()
    {
        await _stopping.Task;
        await Task.Delay(services.Options.StopGrace, services.Time);
    }
}
