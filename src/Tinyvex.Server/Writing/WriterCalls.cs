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

    /// <summary>Queues a command that is not needed any more once the server stops, whose end makes up for it.</summary>
    public static async Task EnqueueUnlessStoppingAsync(this Writer writer, WriteCommand command)
    {
        try
        {
            await writer.EnqueueAsync(command);
        }
        catch (TinyvexException stopping) when (stopping.Code == ErrorCode.Overloaded)
        {
            // What is open is ended with the server, and what an agent said it says again.
        }
    }
}
