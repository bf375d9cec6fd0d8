namespace Tinyvex.Writing;

internal static class WriterCalls
{
    /// <summary>Queues the command that <paramref name="make"/> makes around the given callback, and waits for its outcome.</summary>
    public static async Task<WriteOutcome> WriteAsync(this Writer writer, Func<Action<WriteOutcome>, WriteCommand> make)
    {
        var done = new TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await writer.EnqueueAsync(make(done.SetResult));
        return await done.Task;
    }
}
