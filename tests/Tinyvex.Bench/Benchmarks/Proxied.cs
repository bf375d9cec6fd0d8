using System.Diagnostics;
using System.Text;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>
/// What <c>tinyvex acp</c> adds to a message on its way to the agent and back. The agent is an echo, so that each line goes both ways, and
/// what comes back is an update that is stored meanwhile; the peer is the same echo without anything between.
/// </summary>
internal sealed class Proxied(Servers servers) : IBenchmark
{
    private const int PerSecond = 200;

    private static readonly byte[] Line = Encoding.UTF8.GetBytes(
        """{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s1","update":{"sessionUpdate":"agent_message_chunk","messageId":"m1","content":{"type":"text","text":"a few words "}}}}""" + "\n");

    public string Name => "proxy";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        var database = folder.NewDatabase();
        // The server is a process of its own, as it is with an editor whose user has it running.
        using var server = servers.StartTinyvex(database);
        List<double> median = [], directMedian = [], late = [], directLate = [];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            var proxied = Measure(effort.Seconds, servers.Tinyvex, "acp", "--db", database, "--", "cat");
            var direct = Measure(effort.Seconds, "cat");
            if (round < 0) continue;
            median.Add(Percentile.Of(proxied, 0.5));
            directMedian.Add(Percentile.Of(direct, 0.5));
            late.Add(Percentile.Of(proxied, 0.99));
            directLate.Add(Percentile.Of(direct, 0.99));
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Pair(Name, "line to the agent and back, median", "µs", median, "no proxy", directMedian),
            Row.Pair(Name, "line to the agent and back, 99 of 100", "µs", late, "no proxy", directLate),
            Row.Of(
                Name, "  added by both ways together, median", "µs", [.. median.Zip(directMedian, (with, without) => Math.Max(0.1, with - without))],
                Target.AtMost(1_000), "each line that comes back is stored meanwhile"),
        ]);
    }

    private static List<double> Measure(double seconds, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var (input, output) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        var buffer = new byte[Line.Length];
        var times = new List<double>();
        // The first one waits for the start.
        RoundTrip();
        var every = TimeSpan.FromSeconds(1.0 / PerSecond);
        for (var i = 0; i < Math.Max(5, seconds * PerSecond); i++)
        {
            var elapsed = RoundTrip();
            times.Add(elapsed.TotalMicroseconds);
            if (elapsed < every) Thread.Sleep(every - elapsed);
        }

        process.StandardInput.Close();
        process.WaitForExit();
        return times;

        TimeSpan RoundTrip()
        {
            var started = Stopwatch.GetTimestamp();
            input.Write(Line);
            input.Flush();
            output.ReadExactly(buffer);
            return Stopwatch.GetElapsedTime(started);
        }
    }
}
