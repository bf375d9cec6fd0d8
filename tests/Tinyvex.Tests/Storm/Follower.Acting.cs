using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>What a follower does beside reading.</summary>
internal sealed partial class Follower
{
    private static readonly string[] Lists =
        ["threads.list", "messages.list", "messages.list", "tool_calls.list", "timeline.list", "runs.list", "events.list", "permissions.list", "search", "server.info"];

    private async Task ActAsync(Task<StoreContents> contents)
    {
        switch (random.Next(12))
        {
            case 0:
                // It reads nothing, while others write and the server may be killed.
                var (acks, kills) = (storm.Ledger.Acks + random.Next(2_000), storm.Chaos.Kills);
                Note("stops reading");
                await Deadline.UntilAsync(
                    () => storm.Ledger.Acks >= acks || storm.Chaos.Kills > kills || storm.IsStill || contents.IsCompleted || storm.HasFailed, "others go on", TimeSpan.FromMinutes(1));
                break;
            case 1:
                for (var i = random.Next(60); i > 0 && await StepAsync(); i--) await Task.Delay(2);
                break;
            case < 5 when !isBroadcast:
                if (_followed.Count < MostSubscriptions) await FollowAsync();
                else await UnfollowAsync(_followed.Values.ElementAt(random.Next(_followed.Count)));
                break;
            case 5 when !isBroadcast:
                // Again on the same connection, from another place.
                if (_followed.Values.ElementAt(random.Next(_followed.Count)) is { IsLive: true, IsEnding: false } followed) await SubscribeAsync(followed);
                break;
            case 6 when isBroadcast:
                await AskAsync($"\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"{storm.Ledger.AnyThread(random)}\"", Expect("tinyvex.snapshot"));
                break;
            default:
                await PageAsync(Lists[random.Next(Lists.Length)], storm.Ledger.AnyThread(random), random.Next(1, 40), null, []);
                break;
        }
    }

    /// <summary>Follows something that is not followed yet.</summary>
    private async Task FollowAsync()
    {
        var stream = random.Next(8) == 0 ? "threads" : Streams[random.Next(Streams.Length)];
        var thread = stream == "threads" || (stream is "runs" or "permissions" && random.Next(2) == 0) ? null : storm.Ledger.AnyThread(random);
        var followed = new Followed(stream, thread, random);
        if (_followed.TryAdd(followed.Name, followed)) await SubscribeAsync(followed);
    }

    private async Task UnfollowAsync(Followed followed)
    {
        if (!followed.IsLive || followed.IsEnding) return;
        followed.IsEnding = true;
        await AskAsync($"\"control\":\"tvx.unsubscribe\",{followed.Fields}", reply =>
        {
            Expect("tinyvex.ack")(reply);
            _followed.Remove(followed.Name);
        });
    }

    private async Task SubscribeAnewAsync(List<Followed> all)
    {
        foreach (var followed in all)
        {
            if (followed.IsEnding) continue;
            followed.AskedAnew();
            await AskForSnapshotAsync(followed);
        }
    }

    /// <summary>Subscribes, after a cursor where there is one; it then has what it had at that cursor, or what it has now.</summary>
    private async Task SubscribeAsync(Followed followed)
    {
        if (random.Next(8) == 0 || followed.AnyCursor() is not { } from)
        {
            await AskForSnapshotAsync(followed);
            return;
        }

        await AskAsync($"\"control\":\"tvx.subscribe\",{followed.Fields},\"since\":\"{from.Cursor}\"", reply =>
        {
            if (reply.Text("type") == "tinyvex.snapshot")
            {
                if (!reply.Has("reset")) throw new Contradiction("a snapshot that answers a cursor and says no reset");
                if (!storm.Ledger.MayReset(followed.Stream, followed.ThreadId, Followed.PositionOf(from.Cursor))) throw new Contradiction($"a reset, where {from.Cursor} could be followed");
                storm.Count(all => all.Resets++);
                followed.Snapshot(reply);
                return;
            }

            Expect("tinyvex.resumed")(reply);
            if (Followed.PositionOf(reply.Text("cursor")) != Followed.PositionOf(from.Cursor)) throw new Contradiction($"it goes on elsewhere than at {from.Cursor}");
            storm.Count(all => all.Resumes++);
            followed.Resumed(reply, from.View);
        });
    }

    private async Task AskForSnapshotAsync(Followed followed)
    {
        var limit = random.Next(2) == 0 ? 1_000 : random.Next(1, 60);
        await AskAsync($"\"control\":\"tvx.subscribe\",{followed.Fields},\"limit\":{limit}", reply =>
        {
            Expect("tinyvex.snapshot")(reply);
            if (reply.Has("reset")) throw new Contradiction("a reset of what had no cursor");
            followed.Snapshot(reply);
        });
    }

    private async Task FetchAsync(Followed followed, string key, string query, string args) =>
        await AskAsync($"\"control\":\"tvx.query\",\"name\":\"{query}\",\"args\":{{{args}}}", reply =>
        {
            _fetching.Remove($"{followed.Name} {key}");
            // Its thread may be gone, which the updates that follow tell.
            if (reply.Text("type") == "tinyvex.error") Expect("not_found", "code")(reply);
            else followed.Fetched(query, reply.GetProperty("rows")[0]);
        });

    /// <summary>Reads a list page by page, in which no row comes twice.</summary>
    private async Task PageAsync(string list, string threadId, int limit, string? page, HashSet<string> seen)
    {
        var thread = list is "threads.list" or "server.info" ? "" : $",\"threadId\":\"{threadId}\"";
        var text = list == "search" ? ",\"text\":\"lock\"" : "";
        await AskAsync($"\"control\":\"tvx.query\",\"name\":\"{list}\",\"args\":{{\"limit\":{limit}{thread}{text}{(page is null ? "" : $",\"page\":{Wire.Quote(page)}")}}}", reply =>
        {
            Expect("tinyvex.query_result")(reply);
            foreach (var row in reply.GetProperty("rows").EnumerateArray())
            {
                if (list is not ("permissions.list" or "server.info") && !seen.Add(KeyOf(list, row))) throw new Contradiction($"a page repeats a row: {Wire.Shorten(row.GetRawText())}");
            }

            if (seen.Count < 2_000 && reply.TryGetProperty("nextPage", out var next) && next.GetString() is { } more) _later.Enqueue(() => PageAsync(list, threadId, limit, more, seen));
        });
    }

    private static string KeyOf(string list, JsonElement row) => list switch
    {
        "threads.list" => row.Text("id"),
        "messages.list" or "search" => row.Text("itemId"),
        "tool_calls.list" => row.Text("toolCallId"),
        "events.list" => row.Text("cursor"),
        "timeline.list" => $"{row.GetProperty("row").Text("threadId")} {row.GetProperty("row").Number("order")} {(row.Text("kind") == "message" ? row.GetProperty("row").Text("itemId") : "")}",
        _ => row.Text("runId"),
    };

    private static Action<JsonElement> Expect(string what, string field = "type") => reply =>
    {
        if (!reply.Has(field) || reply.Text(field) != what) throw new Contradiction($"{what} was expected");
    };
}
