using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What someone waits for does not wait behind what is large.</summary>
public class OvertakingTests
{
    private const int Snapshots = 30;

    [Test]
    public async Task A_permission_and_the_states_of_its_run_overtake_snapshots_that_wait()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async text => { say('a'); await permit(); say('b'); };");
        var text = new string('x', 100_000);
        for (var i = 0; i < Snapshots; i++) await stage.Client.IngestAsync($"large{i}", [.. Enumerable.Range(0, 20).Select(n => Wire.Chunk($"{n}{text}", messageId: $"m{n}"))]);
        await using var slow = await SlowClient.ConnectAsync(stage.Server);
        foreach (var stream in (string[])["permissions", "runs"])
        {
            await slow.SendAsync($"{{\"control\":\"tvx.subscribe\",\"stream\":\"{stream}\",\"id\":\"{stream}\"}}");
            await slow.NextAsync();
        }

        // From here on it does not read: most of these snapshots wait until it does.
        for (var i = 0; i < Snapshots; i++) await slow.SendAsync($"{{\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"large{i}\",\"id\":{i}}}");
        var (threadId, runId) = await stage.SubmitAsync("go");
        while ((await stage.RowsAsync("permissions.list", threadId)).Length == 0) await Task.Delay(20);

        var (ahead, inPlace, snapshots, snapshotsBefore) = (new List<string>(), new List<string>(), 0, -1);
        while (inPlace.Count < 2 || snapshots < Snapshots)
        {
            var frame = await slow.NextAsync();
            if (frame.Text("type") == "tinyvex.snapshot") snapshots++;
            if (frame.Text("type") != "tinyvex.update" || frame.Text("stream") is not ("permissions" or "runs")) continue;
            var row = frame.GetProperty("row");
            var what = frame.Text("stream") == "runs" ? $"run {row.Text("status")}" : $"permission {row.Text("status")}";
            if (frame.Has("cursor"))
            {
                if (what.StartsWith("permission", StringComparison.Ordinal) || what.EndsWith("running", StringComparison.Ordinal)) inPlace.Add(what);
                continue;
            }

            if (what.StartsWith("permission", StringComparison.Ordinal)) snapshotsBefore = snapshots;
            ahead.Add(what);
        }

        await Assert.That(ahead).Contains("permission pending").And.Contains("run running");
        await Assert.That(snapshotsBefore).IsLessThan(Snapshots);
        await Assert.That(inPlace).Contains("permission pending").And.Contains("run running");
        await Assert.That(runId).IsNotEmpty();
    }
}
