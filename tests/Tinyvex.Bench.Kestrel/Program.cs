namespace Tinyvex.Bench.Kestrel;

/// <summary>
/// The barest server that could do Tinyvex's work on the same HTTP server: it acks and forwards what it is sent, and stores nothing.
/// What Tinyvex costs beyond it is what storing costs.
/// </summary>
internal static class Program
{
    /// <param name="args">The bytes of a frame that is forwarded: those of Tinyvex's, so that both send as much.</param>
    private static async Task<int> Main(string[] args)
    {
        if (args is not [var size] || !int.TryParse(size, out var frameBytes) || frameBytes < 126)
        {
            await Console.Error.WriteLineAsync("usage: Tinyvex.Bench.Kestrel FRAME-BYTES (at least 126)");
            return 2;
        }

        using var server = new BareServer(frameBytes);
        var port = await server.StartAsync();
        await Console.Out.WriteLineAsync($"{{\"port\":{port}}}");
        // Ends with whoever started it.
        await Console.In.ReadLineAsync();
        return 0;
    }
}
