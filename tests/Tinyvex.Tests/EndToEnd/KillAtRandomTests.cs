using System.Collections.Concurrent;
using System.Text.Json;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>kill -9 in the middle of everything at once, again and again: what was acked is there, nothing is left open, and nothing is there twice.</summary>
public class KillAtRandomTests
{
    private const int Lives = 6;
    private const int InFlight = 16;

    /// <summary>Chunks of a producer in one life: enough to be killed in the middle of, and no text that a list would cut.</summary>
    private const int MostChunks = 5_000;

    [Test]
    public async Task Whatever_was_acked_is_there_and_nothing_is_open_after_each_of_many_kills()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TINYVEX_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        Console.WriteLine($"seed {seed}; the same again with TINYVEX_TEST_SEED={seed}");
        var random = new Random(seed);
        using var folder = new TempFolder();
        var work = new Work();
        string[] arguments = ["--agent", $"again='{TestBinary.Path}' replay --speed max"];
        for (var life = 0; life < Lives; life++)
        {
            await using var server = await ServerProcess.StartAsync(folder["t.db"], arguments);
            await work.CheckAsync(server, $"seed {seed}, life {life}");
            // Soon, in a flood; or later, when agents have started and asked, or have ended.
            var (acks, answers, runs) = (work.Acks + random.Next(1, 600), work.Answers + random.Next(1, 3), work.EndedRuns + 1);
            Func<bool> isTime = (life % 3) switch
            {
                0 => () => work.Acks >= acks,
                1 => () => work.Answers >= answers,
                _ => () => work.EndedRuns >= runs,
            };
            Task[] workers =
            [
                work.IngestAsync(server, "a"), work.IngestAsync(server, "b"), work.DeleteAsync(server, life),
                work.RunAsync(server), work.RunAsync(server), work.AnswerAsync(server),
            ];
            await Deadline.UntilAsync(() => isTime() || workers.Any(worker => worker.IsFaulted), $"it is time in life {life}, seed {seed}");
            await server.KillAsync();
            await Task.WhenAll(workers);
        }

        await using var last = await ServerProcess.StartAsync(folder["t.db"], arguments);
        await work.CheckAsync(last, $"seed {seed}, the end");
        await Assert.That(work.HasSeenEverything).IsTrue().Because($"seed {seed}");
    }

    private static bool IsEndOfServer(Exception exception) =>
        exception is InvalidOperationException or System.Net.WebSockets.WebSocketException or IOException or OperationCanceledException;

    /// <summary>What clients did, and what they know of it.</summary>
    private sealed class Work
    {
        private readonly ConcurrentDictionary<string, (int Acked, int Sent)> _ingested = new();
        private readonly ConcurrentDictionary<string, string?> _runs = new();
        private readonly ConcurrentBag<string> _answered = [];
        private readonly ConcurrentBag<string> _deleted = [];
        private int _acks;

        public int Acks => Volatile.Read(ref _acks);

        public int Answers => _answered.Count;

        public int EndedRuns => _runs.Count(run => run.Value is not null);

        /// <summary>Whether there was something of every kind to be lost.</summary>
        public bool HasSeenEverything => !_runs.IsEmpty && _runs.Values.Contains("completed") && !_answered.IsEmpty && !_deleted.IsEmpty && _ingested.Count == 2;

        /// <summary>Sends numbered chunks under keys; first of all those again whose ack did not come, which must not be there twice.</summary>
        public Task IngestAsync(ServerProcess server, string thread) => UntilKilledAsync(server, async client =>
        {
            var (acked, _) = _ingested.GetValueOrDefault(thread);
            var inFlight = new Queue<Task<JsonElement>>();
            try
            {
                for (var i = acked; i < acked + MostChunks; i++)
                {
                    _ingested[thread] = (_ingested.GetValueOrDefault(thread).Acked, Math.Max(_ingested.GetValueOrDefault(thread).Sent, i + 1));
                    inFlight.Enqueue(client.RequestAsync($"\"key\":\"{thread}-{i}\",{Wire.Ingest(thread, Wire.Chunk($"{i} "))}"));
                    if (inFlight.Count >= InFlight) Count(await inFlight.Dequeue());
                }

                while (inFlight.TryDequeue(out var request)) Count(await request);
                await client.Closed;
            }
            catch (Exception exception) when (IsEndOfServer(exception))
            {
                foreach (var request in inFlight)
                {
                    try
                    {
                        Count(await request);
                    }
                    catch (Exception rest) when (IsEndOfServer(rest))
                    {
                        // Not acked, and neither is what was sent behind it.
                    }
                }
            }

            void Count(JsonElement reply)
            {
                Acked(reply);
                _ingested[thread] = (_ingested[thread].Acked + 1, _ingested[thread].Sent);
            }
        });

        public Task DeleteAsync(ServerProcess server, int life) => UntilKilledAsync(server, async client =>
        {
            for (var i = 0; ; i++)
            {
                Acked(await client.RequestAsync(Wire.Ingest($"deleted-{life}-{i}", Wire.Chunk("x"))));
                Acked(await client.RequestAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"deleted-{life}-{i}\""));
                _deleted.Add($"deleted-{life}-{i}");
            }
        });

        /// <summary>Runs prompts one after the other, and remembers how each ended where that was seen.</summary>
        public Task RunAsync(ServerProcess server) => UntilKilledAsync(server, async client =>
        {
            while (true)
            {
                var reply = await client.RequestAsync("\"control\":\"run.submit\",\"agent\":\"again\",\"text\":\"Go\"");
                await Assert.That(reply.Text("type")).IsEqualTo("run.submitted").Because(reply.GetRawText());
                var runId = reply.Text("runId");
                _runs[runId] = null;
                Interlocked.Increment(ref _acks);
                while (_runs[runId] is null)
                {
                    var run = (await client.RowsAsync("runs.list", reply.Text("threadId")))[0];
                    if (run.Text("status") is "completed" or "failed" or "cancelled") _runs[runId] = run.Text("status");
                }
            }
        });

        /// <summary>Allows whatever agents ask for.</summary>
        public Task AnswerAsync(ServerProcess server) => UntilKilledAsync(server, async client =>
        {
            await client.SubscribeAsync("permissions");
            while (true)
            {
                var update = await client.NextAsync(frame => frame.Has("row") && frame.GetProperty("row").Text("status") == "pending");
                var row = update.GetProperty("row");
                var requestId = row.Text("requestId");
                var option = row.GetProperty("options")[0].Text("optionId");
                Acked(await client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"{option}\""));
                _answered.Add(requestId);
            }
        });

        /// <summary>Looks through a server that has just started, before anything else is asked of it.</summary>
        public async Task CheckAsync(ServerProcess server, string when)
        {
            await using var client = await TestClient.ConnectAsync(server);
            foreach (var (thread, (acked, sent)) in _ingested)
            {
                var rows = await client.RowsAsync("messages.list", thread);
                var text = string.Concat(rows.Select(row => row.Text("text")));
                var count = text.Count(c => c == ' ');
                await Assert.That(count).IsBetween(acked, sent).Because($"{when}, {thread}");
                await Assert.That(text).IsEqualTo(string.Concat(Enumerable.Range(0, count).Select(i => $"{i} "))).Because($"{when}, {thread}");
                foreach (var row in rows) await Assert.That(row.Number("textLen")).IsEqualTo(row.Text("text").Length).Because(when);
            }

            var statuses = Pairs(server, "SELECT runId || ' ' || status FROM runs");
            foreach (var (runId, seen) in _runs)
            {
                await Assert.That(statuses.GetValueOrDefault(runId)).IsEqualTo(seen ?? statuses.GetValueOrDefault(runId)).And.IsNotNull().Because($"{when}, run {runId}");
            }

            var permissions = Pairs(server, "SELECT requestId || ' ' || status FROM permissions");
            foreach (var requestId in _answered) await Assert.That(permissions.GetValueOrDefault(requestId)).IsEqualTo("answered").Because($"{when}, {requestId}");
            var threads = Pairs(server, "SELECT id || ' there' FROM threads");
            await Assert.That(_deleted.Where(threads.ContainsKey)).IsEmpty().Because(when);
            // Nothing is open, nothing is left of what is deleted, and the file is whole.
            await Assert.That(OriginalFile.Select(server.Database, """
                SELECT (SELECT count(*) FROM messages WHERE partial = 1), (SELECT count(*) FROM runs WHERE status IN ('queued', 'running')),
                  (SELECT count(*) FROM permissions WHERE status = 'pending'), (SELECT count(*) FROM messages WHERE threadId NOT IN (SELECT id FROM threads)),
                  (SELECT count(*) FROM runs WHERE (finishedAt IS NULL) OR (status = 'failed' AND error_json IS NULL))
                """)).IsEqualTo("0|0|0|0|0").Because(when);
            await Assert.That(OriginalFile.Select(server.Database, "PRAGMA integrity_check")).IsEqualTo("ok").Because(when);
        }

        private static Dictionary<string, string> Pairs(ServerProcess server, string sql) => OriginalFile.Select(server.Database, sql)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);

        private static async Task UntilKilledAsync(ServerProcess server, Func<TestClient, Task> work)
        {
            try
            {
                await using var client = await TestClient.ConnectAsync(server);
                await work(client);
            }
            catch (Exception exception) when (IsEndOfServer(exception) || exception is System.Threading.Channels.ChannelClosedException)
            {
                // It was killed, as it should be.
            }
        }

        private void Acked(JsonElement reply)
        {
            if (reply.Text("type") != "tinyvex.ack") throw new ArgumentException(reply.GetRawText());
            Interlocked.Increment(ref _acks);
        }
    }
}
