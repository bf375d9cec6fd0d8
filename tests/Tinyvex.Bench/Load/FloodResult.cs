namespace Tinyvex.Bench.Load;

/// <summary>What came of a flood.</summary>
/// <param name="Updates">Acked, a second.</param>
/// <param name="Deliveries">To all subscribers, a second.</param>
/// <param name="ServerCpu">Microseconds of the server's for each update.</param>
/// <param name="LoadCpu">Microseconds of ours for each update: the two share the machine.</param>
internal sealed record FloodResult(double Updates, double Deliveries, double ServerCpu, double LoadCpu);
