using System.Diagnostics;
using System.Globalization;
using Tinyvex.Tests.Architecture;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>Everything at once, at random, while the server is killed again and again: in the end every client holds what the store holds.</summary>
public class StormTests
{
    private const int Producers = 4;
    private const int RequestsOfEach = 900;
    private const int Runners = 2;
    private const int RunsOfEach = 5;
    private const int Followers = 10;
    private const int Broadcasts = 2;
    private const int Kills = 6;

    /// <summary>Chunks are merged in the log within a second, so that cursors are followed into what was merged.</summary>
    private static readonly string[] Options = ["--keep-raw", "0s"];

    [Test]
    public async Task Every_client_ends_with_what_the_store_holds_and_every_acked_write_is_there()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TINYVEX_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        Console.WriteLine($"seed {seed}; the same again with TINYVEX_TEST_SEED={seed}");
        using var folder = new TempFolder();
        var random = new Random(seed);
        await using var chaos = new Chaos(folder["t.db"], new Random(random.Next()), ["--agent", $"again='{TestBinary.Path}' replay --speed max", .. Options]);
        var storm = new StormState(chaos);
        var watch = Stopwatch.StartNew();
        await storm.RunAsync("the storm", () => RunAsync(storm, random));
        var summary = $"seed {seed}: {watch.Elapsed.TotalSeconds:0} s, {storm.Ledger.Acks} acks, {chaos.Kills} kills, {storm.Connections} connections, " +
            $"{storm.Resumes} resumes, {storm.Resets} resets, {storm.Frames} frames";
        await File.AppendAllTextAsync(ReportPath("storms.log"), summary + "\n");
        Console.WriteLine(summary);
        if (storm.Failure is null) return;
        await File.WriteAllLinesAsync(ReportPath($"storm-{seed}.txt"), [summary, storm.Failure, "", .. storm.History, "", chaos.Errors]);
        Assert.Fail($"{summary}\n{Wire.Shorten(storm.Failure)}\nall of it is in {ReportPath($"storm-{seed}.txt")}");
    }

    private static async Task RunAsync(StormState storm, Random random)
    {
        await storm.Chaos.StartAsync();
        var shared = storm.Ledger.Add("shared", isShared: true);
        var producers = Enumerable.Range(0, Producers).Select(i => new Producer(storm, $"p{i}", RequestsOfEach, shared, new Random(random.Next()))).ToList();
        var runners = Enumerable.Range(0, Runners).Select(i => new Runner(storm, $"r{i}", RunsOfEach, new Random(random.Next()))).ToList();
        var followers = Enumerable.Range(0, Followers + Broadcasts).Select(i => new Follower(storm, $"f{i}", i >= Followers, new Random(random.Next()))).ToList();
        var moments = Enumerable.Range(0, Kills).Select(_ => random.Next(Producers * RequestsOfEach)).Order().ToList();
        var reading = new Random(random.Next());

        var contents = new TaskCompletionSource<StoreContents>(TaskCreationOptions.RunContinuationsAsynchronously);
        var following = followers.Select(follower => Task.Run(() => follower.RunAsync(contents.Task))).ToList();
        var killing = storm.RunAsync("chaos", () => storm.Chaos.RunAsync(storm, moments));
        var running = Task.WhenAll(runners.Select((runner, i) => Task.Run(() => storm.RunAsync($"r{i}", runner.RunAsync))));
        var answering = storm.RunAsync("the answerer", () => new Answerer(storm, new Random(random.Next())).RunAsync(running));
        await Task.WhenAll(producers.Select((producer, i) => Task.Run(() => storm.RunAsync($"p{i}", producer.RunAsync))));
        await Task.WhenAll(running, answering);
        storm.IsStill = true;
        await killing;
        // Mostly all come back through the log, with cursors of any time; now and then those who are connected have been told all.
        if (!storm.HasFailed && reading.Next(3) > 0)
        {
            await storm.Chaos.KillAsync();
            await storm.Chaos.StartAsync();
        }

        if (!storm.HasFailed)
        {
            await using var client = await storm.ConnectAsync();
            contents.SetResult(await StoreContents.ReadAsync(client, reading));
        }
        else
        {
            contents.SetCanceled();
        }

        await Task.WhenAll(following);
        foreach (var follower in followers) follower.Dispose();
        if (!storm.HasFailed) await CheckStoreAsync(storm, await contents.Task, reading);
    }

    private static async Task CheckStoreAsync(StormState storm, StoreContents contents, Random random)
    {
        storm.Ledger.Check(contents);
        await storm.Chaos.KillAsync();
        await storm.Chaos.StartAsync();
        await using var client = await storm.ConnectAsync();
        var after = await StoreContents.ReadAsync(client, random);
        if (after.DiffersFrom(contents) is { } difference) throw new Contradiction($"after the last start {difference}");
        storm.Ledger.Check(after);
        var open = storm.Chaos.Select("""
            SELECT (SELECT count(*) FROM messages WHERE partial = 1), (SELECT count(*) FROM runs WHERE status IN ('queued', 'running')),
              (SELECT count(*) FROM permissions WHERE status = 'pending'), (SELECT count(*) FROM messages WHERE threadId NOT IN (SELECT id FROM threads))
            """);
        if (open != "0|0|0|0") throw new Contradiction($"after the last start there are open messages, runs, permissions, and messages without a thread: {open}");
        if (storm.Chaos.Select("PRAGMA integrity_check") is var integrity and not "ok") throw new Contradiction($"the file is not whole: {integrity}");
    }

    private static string ReportPath(string name)
    {
        var folder = Repository.At("artifacts/storm");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }
}
