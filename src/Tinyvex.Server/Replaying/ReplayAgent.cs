namespace Tinyvex.Replaying;

/// <summary>
/// An ACP agent that plays a recorded one over the real wire: for a first run without any agent installed, for tests and for
/// benchmarks.
/// </summary>
internal static class ReplayAgent
{
    private const int Ended = 0;
    private const int OutputFailed = 1;
    private const int BadTranscript = 2;

    /// <returns>The exit code: 0 after the end of the input, 1 when nobody reads the output, 2 for a bad transcript.</returns>
    public static async Task<int> RunAsync(
        ReplayOptions options, Stream stdin, Stream stdout, TimeProvider time, CancellationToken cancellationToken)
    {
        Transcript transcript;
        try
        {
            transcript = options.File is { } file ? Transcript.Open(file) : Transcript.OpenDemo();
        }
        catch (TranscriptException e)
        {
            await Console.Error.WriteLineAsync($"tinyvex replay: {e.Message}");
            return BadTranscript;
        }

        using var writer = new MessageWriter(stdout);
        var connection = new ReplayConnection(transcript, new PlaybackContext(writer, options.Speed, time), time);

        // Reading gets a thread of its own: it blocks, and the pool of a small machine has no thread to spare for that.
        var serving = Task.Factory.StartNew(
            () => connection.Serve(stdin), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var ended = await Task.WhenAny(serving, writer.Failed).WaitAsync(cancellationToken);
        await connection.StopAsync();
        if (ended != serving)
            return OutputFailed;

        await serving;
        return Ended;
    }
}
