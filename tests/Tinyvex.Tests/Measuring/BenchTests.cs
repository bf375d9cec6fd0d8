namespace Tinyvex.Tests.Measuring;

public class BenchTests
{
    [Test]
    public async Task An_update_allocates_no_more_than_its_budget()
    {
        var run = await BenchRun.RunAsync("allocations", "--strict");

        await Assert.That(run.ExitCode).IsEqualTo(0).Because(run.Output);
        await Assert.That(run.Rows[0].GetProperty("isMet").GetBoolean()).IsTrue();
    }

    [Test]
    public async Task Every_benchmark_runs_and_measures_something()
    {
        var run = await BenchRun.RunAsync();

        await Assert.That(run.ExitCode).IsEqualTo(0).Because(run.Output);
        var measured = run.Rows.Where(row => row.TryGetProperty("figure", out var figure) && figure.GetProperty("median").GetDouble() > 0)
            .Select(row => row.GetProperty("benchmark").GetString()!).Distinct();
        await Assert.That(measured).IsEquivalentTo(OperatingSystem.IsLinux()
            ? (string[])["commit", "stages", "chunk", "allocations", "paging", "upkeep", "delivery", "flood", "fanout", "subscribers", "stalled", "reconnect", "replay", "start", "memory", "idle", "proxy"]
            : ["commit", "stages", "chunk", "allocations", "paging", "upkeep"]);
    }

    [Test]
    public async Task A_benchmark_that_is_not_there_is_named()
    {
        var run = await BenchRun.RunAsync("nothing");

        await Assert.That(run.ExitCode).IsEqualTo(2);
        await Assert.That(run.Output).Contains("There is no benchmark 'nothing'");
    }
}
