using System.CommandLine;
using Tinyvex.Bench.Benchmarks;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;
using Tinyvex.Hosting;

namespace Tinyvex.Bench;

/// <summary>Runs the benchmarks that are asked for, one after the other, and says what they found (CONTRIBUTING.md, "Measuring").</summary>
internal static class Program
{
    private const int TargetMissed = 1;
    private const int WrongUsage = 2;

    private static async Task<int> Main(string[] args)
    {
        SQLitePCL.Batteries_V2.Init();
        var names = new Argument<string[]>("name") { Description = "Benchmarks to run; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var quick = new Option<bool>("--quick") { Description = "Fewer and shorter rounds, two minutes." };
        var smoke = new Option<bool>("--smoke") { Description = "Only see that everything runs; the figures mean nothing." };
        var strict = new Option<bool>("--strict") { Description = $"Exit with {TargetMissed} where a target is missed." };
        var json = new Option<string?>("--json") { Description = "Write the results there, and not to artifacts/bench.", HelpName = "FILE" };
        var tinyvex = Executable("--server", "tinyvex", "The published server to measure.");
        var kestrel = Executable("--kestrel", "Tinyvex.Bench.Kestrel", "The published server to compare it with.");
        var root = new RootCommand("Measures Tinyvex. Claims are ratios to a peer in the same run; figures in brackets are the range of the rounds.")
        {
            names, quick, smoke, strict, json, tinyvex, kestrel,
        };
        root.SetAction(async (parsed, _) =>
        {
            var servers = new Servers(parsed.GetValue(tinyvex)!, parsed.GetValue(kestrel)!);
            IBenchmark[] all =
            [
                new Commit(), new Stages(), new ChunkCost(), new Allocations(), new Paging(), new UpkeepWaits(), new Delivery(servers), new FloodWithAcks(servers), new FanOut(servers),
                new ManySubscribers(servers), new Stalled(servers), new Reconnect(servers), new Replay(servers), new Start(servers), new Memory(servers),
                new Idle(servers), new Proxied(servers),
            ];
            var asked = parsed.GetValue(names)!;
            if (Array.Find(asked, name => !Array.Exists(all, benchmark => benchmark.Name == name)) is { } unknown)
            {
                await Console.Error.WriteLineAsync($"There is no benchmark '{unknown}'. There are {string.Join(", ", all.Select(benchmark => benchmark.Name))}.");
                return WrongUsage;
            }

            var chosen = asked.Length == 0 ? all : Array.FindAll(all, benchmark => asked.Contains(benchmark.Name));
            var (effort, named) = parsed.GetValue(smoke) ? (Effort.Smoke, "smoke") : parsed.GetValue(quick) ? (Effort.Quick, "quick") : (Effort.Full, "full");
            // A socket for each connection, and for the servers too, which inherit it.
            OpenFiles.Allow(effort.Connections + 1_000);
            var run = new Run { Date = DateTimeOffset.Now, Effort = named, Rows = await RunAsync(chosen, effort) };
            Console.WriteLine($"\n{run.Missed} targets missed. {ResultFile.Write(run, parsed.GetValue(json))}");
            return run.Missed > 0 && parsed.GetValue(strict) ? TargetMissed : 0;
        });
        return await root.Parse(args).InvokeAsync();
    }

    /// <summary>A program that stands beside this one where no other is named.</summary>
    private static Option<string> Executable(string option, string name, string description) => new(option)
    {
        Description = description,
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? name + ".exe" : name),
    };

    private static async Task<List<Row>> RunAsync(IEnumerable<IBenchmark> benchmarks, Effort effort)
    {
        Console.WriteLine(Table.Head);
        var rows = new List<Row>();
        foreach (var benchmark in benchmarks)
        {
            var found = benchmark.NeedsServers && !OperatingSystem.IsLinux()
                ? [new Row { Benchmark = benchmark.Name, What = benchmark.Name, Note = "processes are measured by what /proc says of them, which only Linux has" }]
                : await benchmark.RunAsync(effort);
            foreach (var row in found) Console.WriteLine(Table.Of(row));
            rows.AddRange(found);
        }

        return rows;
    }
}
