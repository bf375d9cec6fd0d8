using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>
/// A client that writes to threads of its own, and to one that all write to. What was not answered when the server was killed
/// it sends again where it has a key, in the same order.
/// </summary>
internal sealed class Producer(StormState storm, string name, int requests, ThreadRecord shared, Random random)
{
    private static readonly string[] Speakers = ["message user", "message assistant", "message assistant", "message assistant", "reason "];

    private readonly Ledger _ledger = storm.Ledger;
    private readonly List<ThreadRecord> _threads = [storm.Ledger.Add($"{name}-a"), storm.Ledger.Add($"{name}-b"), storm.Ledger.Add($"{name}-c")];
    private readonly Queue<(SentWrite Write, Task<JsonElement> Reply)> _inFlight = new();
    private readonly List<SentWrite> _unanswered = [];
    private readonly List<SentWrite> _answered = [];
    private string _speaker = Speakers[0];
    private int _number;
    private int _pieces;

    public async Task RunAsync()
    {
        while (_number < requests || _unanswered.Count > 0)
        {
            if (storm.HasFailed) return;
            await using var client = await storm.ConnectAsync();
            try
            {
                await WorkAsync(client);
                return;
            }
            catch (Exception exception) when (StormState.IsEndOfServer(exception))
            {
                await KilledAsync();
            }
        }
    }

    private async Task WorkAsync(TestClient client)
    {
        while (_unanswered.Count > 0)
        {
            Send(client, _unanswered[0]);
            _unanswered.RemoveAt(0);
        }

        var window = random.Next(1, 48);
        while (_number < requests && !storm.HasFailed)
        {
            if (random.Next(50) == 0) window = random.Next(1, 48);
            while (_inFlight.Count >= window) await AnsweredAsync();
            if (_answered.Count > 0 && random.Next(60) == 0) await RepeatAsync(client, _answered[random.Next(_answered.Count)]);
            else Send(client, Next());
        }

        while (_inFlight.Count > 0) await AnsweredAsync();
    }

    private void Send(TestClient client, SentWrite write) => _inFlight.Enqueue((write, client.RequestAsync(write.Fields)));

    private async Task AnsweredAsync()
    {
        var reply = await _inFlight.Peek().Reply;
        Answered(_inFlight.Dequeue().Write, reply);
    }

    private void Answered(SentWrite write, JsonElement reply)
    {
        if (reply.Text("type") != "tinyvex.ack")
        {
            // Its thread is one that only writes have made which were lost with the server.
            if (reply.Text("code") != "not_found" || write.ThreadId.Length == 0) throw new Contradiction($"{Wire.Shorten(write.Fields)} was answered {reply.GetRawText()}");
            write.IsRefused = true;
            return;
        }

        write.Cursor = reply.Text("cursor");
        write.Answer = Answer(reply);
        _ledger.CountAck();
        if (write.HasKey) _answered.Add(write);
        if (write.ThreadId.Length > 0) return;
        var made = _ledger.Add(reply.Text("threadId"));
        (made.MadeAs, made.MayExist) = (TitleOf(write), true);
        _threads.Add(made);
    }

    private static string Answer(JsonElement reply) => string.Join(' ', reply.EnumerateObject().Where(field => field.Name != "id").Select(field => field.Value.GetRawText()));

    /// <summary>Sends again what was answered: the answer is the same. Sent with other content it is a conflict.</summary>
    private async Task RepeatAsync(TestClient client, SentWrite write)
    {
        var same = random.Next(3) > 0;
        var reply = await client.RequestAsync(same ? write.Fields : write.Fields.Replace("\"control\"", "\"tag\":1,\"control\"", StringComparison.Ordinal));
        if (same ? Answer(reply) != write.Answer : reply.Text("type") != "tinyvex.error" || reply.Text("code") != "conflict")
        {
            throw new Contradiction($"{Wire.Shorten(write.Fields)} was answered {write.Answer}, and {(same ? "again" : "with other content")} {reply.GetRawText()}");
        }
    }

    private async Task KilledAsync()
    {
        // Before those that were to be sent again and were not yet.
        var at = 0;
        foreach (var (write, reply) in _inFlight)
        {
            try
            {
                Answered(write, await reply);
            }
            catch (Exception exception) when (StormState.IsEndOfServer(exception))
            {
                write.CrossedKill = true;
                if (write.HasKey) _unanswered.Insert(at++, write);
            }
        }

        _inFlight.Clear();
        foreach (var thread in _threads) thread.Killed();
    }

    private SentWrite Next()
    {
        var thread = random.Next(5) == 0 ? shared : _threads[random.Next(_threads.Count)];
        if (random.Next(5) == 0) _speaker = Speakers[random.Next(Speakers.Length)];
        return random.Next(100) switch
        {
            < 3 when thread.MayExist => Finalize(thread),
            < 5 when thread.MayExist && !thread.IsShared => UpdateThread(thread),
            5 when thread.MayExist && !thread.IsShared => Delete(thread),
            6 when _threads.Count < 8 => CreateThread(),
            < 30 => Ingest(thread, random.Next(2, 40)),
            _ => Ingest(thread, 1),
        };
    }

    private SentWrite Write(string threadId, bool hasKey, Func<SentWrite, string> fields)
    {
        var write = new SentWrite(name, ++_number, threadId, hasKey);
        write.Fields = (hasKey ? $"\"key\":\"{name}/{_number}\"," : "") + fields(write);
        return write;
    }

    private SentWrite Finalize(ThreadRecord thread)
    {
        string? kind = random.Next(3) switch { 0 => "message", 1 => "reason", _ => null };
        thread.End(kind);
        return Write(thread.ThreadId, random.Next(2) == 0, _ => $"\"control\":\"tvx.finalize\",\"threadId\":\"{thread.ThreadId}\"{(kind is null ? "" : $",\"kind\":\"{kind}\"")}");
    }

    private SentWrite UpdateThread(ThreadRecord thread) => Write(thread.ThreadId, random.Next(2) == 0, write =>
    {
        var (field, value) = random.Next(3) switch
        {
            0 when thread.MadeAs is null => ("title", Speech.Json(random, $"title {_number} 数据库")),
            1 => ("projectId", $"\"project {_number}\""),
            _ => ("archived", random.Next(2) == 0 ? "true" : "false"),
        };
        thread.Set(write, $"threads//{field}", field == "title" ? Wire.Quote($"title {_number} 数据库") : value);
        return $"\"control\":\"tvx.update_thread\",\"threadId\":\"{thread.ThreadId}\",\"updates\":{{\"{field}\":{value}}}";
    });

    private SentWrite Delete(ThreadRecord thread)
    {
        var write = Write(thread.ThreadId, hasKey: true, _ => $"\"control\":\"tvx.delete_thread\",\"threadId\":\"{thread.ThreadId}\"");
        if (thread.MadeAs is not null) _ledger.Once[("title", thread.MadeAs)] = false;
        _threads[_threads.IndexOf(thread)] = _ledger.Deleting(write);
        return write;
    }

    private SentWrite CreateThread() => Write("", hasKey: true, write =>
    {
        _ledger.Once[("title", TitleOf(write))] = true;
        return $"\"control\":\"tvx.create_thread\",\"title\":\"{TitleOf(write)}\"";
    });

    private static string TitleOf(SentWrite creation) => $"«made by {creation.Producer} {creation.Number}»";

    private SentWrite Ingest(ThreadRecord thread, int count)
    {
        thread.MayExist = true;
        // What begins a tool call is not lost, as what follows it would begin it instead.
        var beginsToolCalls = !thread.IsShared && random.Next(8) == 0;
        return Write(thread.ThreadId, beginsToolCalls || random.Next(3) > 0, write =>
        {
            var updates = string.Join(',', Enumerable.Range(0, count).Select(_ => Update(write, thread, beginsToolCalls)));
            return $"\"control\":\"tvx.ingest\",\"provider\":\"host\",\"threadId\":\"{thread.ThreadId}\",{(count == 1 ? $"\"update\":{updates}" : $"\"updates\":[{updates}]")}";
        });
    }

    private string Update(SentWrite write, ThreadRecord thread, bool mayBeginToolCall)
    {
        var mark = $"{name}.{++_pieces}";
        if (thread.IsShared) return Chunk(write, thread, mark);
        switch (random.Next(mayBeginToolCall ? 20 : 40))
        {
            case < 3 when mayBeginToolCall:
                thread.End();
                thread.ToolCalls.Add(mark);
                return ToolCall("tool_call", mark, write, thread, withTitle: true);
            case < 6 when thread.ToolCalls.Count > 0:
                return ToolCall("tool_call_update", thread.ToolCalls[random.Next(thread.ToolCalls.Count)], write, thread, random.Next(2) == 0);
            case 6:
                var entries = $"[{{\"content\":\"{mark}\",\"priority\":\"high\",\"status\":\"pending\"}}]";
                thread.Set(write, "plan//entries", entries);
                return $"{{\"sessionUpdate\":\"plan\",\"entries\":{entries}}}";
            case 7:
                thread.Set(write, "state//currentModeId", $"\"{mark}\"");
                return $"{{\"sessionUpdate\":\"current_mode_update\",\"currentModeId\":\"{mark}\"}}";
            case 8:
                return $"{{\"sessionUpdate\":\"usage_update\",\"used\":{random.Next(1_000)},\"size\":1000}}";
            case 9:
                return $"{{\"sessionUpdate\":\"of_a_kind_that_nobody_knows\",\"mark\":\"{mark}\"}}";
            default:
                if (random.Next(4) == 0) _speaker = Speakers[random.Next(Speakers.Length)];
                return Chunk(write, thread, mark);
        }
    }

    private string ToolCall(string kind, string id, SentWrite write, ThreadRecord thread, bool withTitle)
    {
        var title = Wire.Quote($"title {_pieces}");
        var status = random.Next(3) switch { 0 => "pending", 1 => "in_progress", _ => "completed" };
        if (withTitle) thread.Set(write, $"tool_calls/{id}/title", title);
        thread.Set(write, $"tool_calls/{id}/status", $"\"{status}\"");
        var more = withTitle ? $",\"title\":{title}" : "";
        if (random.Next(2) == 0)
        {
            var text = Speech.Json(random, Speech.Text(random, id));
            var content = $"[{{\"type\":\"content\",\"content\":{{\"type\":\"text\",\"text\":{text}}}}}]";
            thread.Set(write, $"tool_calls/{id}/content", content);
            more += $",\"content\":{content}";
        }

        if (random.Next(3) == 0) more += $",\"rawInput\":{{\"n\":{_pieces}}},\"locations\":[{{\"path\":\"/a/{_pieces}\"}}]";
        return $"{{\"sessionUpdate\":\"{kind}\",\"toolCallId\":\"{id}\",\"status\":\"{status}\"{more}}}";
    }

    private string Chunk(SentWrite write, ThreadRecord thread, string mark)
    {
        var speaker = thread.IsShared ? "message assistant" : _speaker;
        var kind = speaker switch { "message user" => "user_message_chunk", "reason " => "agent_thought_chunk", _ => "agent_message_chunk" };
        if (random.Next(40) == 0)
        {
            thread.SayNothing();
            return $"{{\"sessionUpdate\":\"{kind}\",\"content\":{{\"type\":\"text\",\"text\":\"\"}}}}";
        }

        var begins = !thread.IsShared && random.Next(20) == 0;
        var id = begins ? $",\"messageId\":\"{mark}\"" : "";
        if (random.Next(25) == 0)
        {
            var block = $"{{\"type\":\"image\",\"data\":\"{mark}\",\"mimeType\":\"image/png\"}}";
            thread.Say(write, mark, speaker, null, block, begins);
            return $"{{\"sessionUpdate\":\"{kind}\",\"content\":{block}{id}}}";
        }

        var text = Speech.Text(random, mark);
        thread.Say(write, mark, speaker, text, null, begins);
        return $"{{\"sessionUpdate\":\"{kind}\",\"content\":{{\"type\":\"text\",\"text\":{Speech.Json(random, text)}}}{id}}}";
    }
}
