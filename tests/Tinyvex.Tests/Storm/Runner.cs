using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>Submits prompts to an agent that plays a recording, cancels some, deletes a thread under some, and sees how each ends.</summary>
internal sealed class Runner(StormState storm, string name, int runs, Random random)
{
    private readonly List<string> _threads = [];
    private TestClient? _client;

    public async Task RunAsync()
    {
        for (var run = 0; run < runs && !storm.HasFailed; run++) await OnceAsync($"«{name} {run}»");
        if (_client is not null) await _client.DisposeAsync();
    }

    private async Task OnceAsync(string prompt)
    {
        var thread = _threads.Count > 0 && random.Next(2) == 0 ? _threads[random.Next(_threads.Count)] : null;
        var reply = await AskAsync($"\"key\":\"{prompt}\",\"control\":\"run.submit\",\"agent\":\"again\",\"text\":\"{prompt}\"{(thread is null ? "" : $",\"threadId\":\"{thread}\"")}");
        if (reply.Text("type") != "run.submitted") throw new Contradiction($"{prompt} was answered {reply.GetRawText()}");
        var (threadId, runId) = (reply.Text("threadId"), reply.Text("runId"));
        storm.Ledger.Once[("prompt", prompt)] = true;
        storm.Ledger.Runs[$"{threadId} {runId}"] = null;
        storm.Ledger.CountAck();
        storm.Ledger.AddName(threadId);
        if (thread is null) _threads.Add(threadId);
        switch (random.Next(6))
        {
            case 0:
                await CancelAsync(runId);
                break;
            case 1:
                await DeleteAsync(threadId);
                return;
        }

        while (!storm.HasFailed)
        {
            var row = (await RowsAsync("runs.list", threadId)).First(one => one.Text("runId") == runId);
            if (row.Text("status") is "completed" or "failed" or "cancelled")
            {
                storm.Ledger.Runs[$"{threadId} {runId}"] = row.Text("status");
                return;
            }

            await Task.Delay(20);
        }
    }

    private async Task CancelAsync(string runId)
    {
        var reply = await AskAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        // It may have ended with the server.
        if (reply.Text("type") != "tinyvex.ack" && reply.Text("code") != "conflict") throw new Contradiction($"a cancel was answered {reply.GetRawText()}");
    }

    private async Task DeleteAsync(string threadId)
    {
        var fields = $"\"key\":\"delete {threadId}\",\"control\":\"tvx.delete_thread\",\"threadId\":\"{threadId}\"";
        var deletion = new SentWrite(name, 0, threadId, hasKey: true) { Fields = fields };
        storm.Ledger.DeletingOfRuns(deletion);
        foreach (var prompt in storm.Ledger.Once.Keys.Where(one => one.Mark.StartsWith($"«{name} ", StringComparison.Ordinal))) storm.Ledger.Once[prompt] = false;
        var reply = await AskAsync(fields);
        if (reply.Text("type") != "tinyvex.ack") throw new Contradiction($"a deletion was answered {reply.GetRawText()}");
        deletion.Cursor = reply.Text("cursor");
        _threads.Remove(threadId);
    }

    private async Task<JsonElement[]> RowsAsync(string query, string threadId)
    {
        var reply = await AskAsync($"\"control\":\"tvx.query\",\"name\":\"{query}\",\"args\":{{\"threadId\":\"{threadId}\",\"limit\":1000}}");
        return [.. reply.GetProperty("rows").EnumerateArray()];
    }

    /// <summary>Asks until it is answered, by whichever server.</summary>
    private async Task<JsonElement> AskAsync(string fields)
    {
        while (true)
        {
            try
            {
                _client ??= await storm.ConnectAsync();
                return await _client.RequestAsync(fields);
            }
            catch (Exception exception) when (StormState.IsEndOfServer(exception) && !storm.HasFailed)
            {
                if (_client is not null) await _client.DisposeAsync();
                _client = null;
            }
        }
    }
}
