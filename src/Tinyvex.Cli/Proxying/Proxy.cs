using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>Stands between an editor and its agent: starts the agent, passes all that both say, and ends it with the editor.</summary>
internal sealed class Proxy(ProxiedAgent agent, SharedOutput toAgent, SharedOutput toEditor, IWitness witness)
{
    /// <summary>What an agent gets to end by itself once the editor has said its last word: some write their session to disk then.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long an agent that has closed its output may live on.</summary>
    private static readonly TimeSpan SilentPatience = TimeSpan.FromSeconds(1);

    /// <summary>How long the last words may take to be read by an editor that asked for the end.</summary>
    private static readonly TimeSpan LastWordsPatience = TimeSpan.FromSeconds(1);

    /// <summary>Passes messages until either side ends, and answers the agent's exit code.</summary>
    public async Task<int> RunAsync(Task stopRequested)
    {
        using var stdin = Console.OpenStandardInput();
        var fromAgent = Pump("tinyvex agent", new AgentPump(agent.Output, toEditor, witness).Run);
        var fromEditor = Pump("tinyvex editor", () =>
        {
            try
            {
                new EditorPump(stdin, toAgent, witness).Run();
            }
            finally
            {
                agent.Input.Dispose();
            }
        });
        var errors = Pump("tinyvex stderr", PassErrors);
        var first = await Task.WhenAny(fromAgent, fromEditor, agent.Exited, stopRequested);
        if (first == fromEditor) await Task.WhenAny(agent.Exited, stopRequested, Task.Delay(EndPatience));
        else if (first == fromAgent) await Task.WhenAny(agent.Exited, stopRequested, Task.Delay(ClosedOutput.IsClosed() ? TimeSpan.Zero : SilentPatience));
        agent.RequestEnd();
        var code = await agent.Exited;
        // An editor that reads slowly gets it all; one that has asked for the end may not be reading any more.
        var all = Task.WhenAll(fromAgent, errors);
        await Task.WhenAny(all, stopRequested, fromEditor);
        await Task.WhenAny(all, Task.Delay(LastWordsPatience));
        return code;
    }

    private void PassErrors()
    {
        var buffer = new byte[4096];
        using var stderr = Console.OpenStandardError();
        int read;
        while ((read = agent.Errors.Read(buffer)) > 0) stderr.Write(buffer.AsSpan(0, read));
    }

    /// <summary>A thread for each: a read that blocks is the shortest way for a message, and cannot be cancelled.</summary>
    private static Task Pump(string name, Action run)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                run();
            }
            catch (Exception closed) when (closed is IOException or ObjectDisposedException)
            {
                // One side is gone, which is told to the other by the end of its stream.
            }

            ended.SetResult();
        })
        { IsBackground = true, Name = name }.Start();
        return ended.Task;
    }
}
