using Tinyvex.Bench;
using Tinyvex.Bench.Benchmarks;
SQLitePCL.Batteries_V2.Init();
foreach (IBenchmark b in (IBenchmark[])[new Commit(), new ChunkCost()])
    foreach (var row in await b.RunAsync(args.Length > 0 ? Effort.Quick : Effort.Full))
        Console.WriteLine($"{row.What,-40} {row.Figure?.Median:N1} [{row.Figure?.Min:N1} {row.Figure?.Max:N1}] {row.Unit} {row.Peer} {row.PeerFigure?.Median:N1} {row.Ratio?.Median:N3} [{row.Ratio?.Min:N3} {row.Ratio?.Max:N3}] {row.IsMet}");
