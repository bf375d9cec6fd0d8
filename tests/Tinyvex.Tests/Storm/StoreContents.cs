using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>All that the store holds, read from scratch by queries, in pages of random sizes.</summary>
internal sealed class StoreContents
{
    private View _all = View.Empty;

    private StoreContents()
    {
    }

    public static async Task<StoreContents> ReadAsync(TestClient client, Random random)
    {
        var contents = new StoreContents();
        await contents.ReadRowsAsync(client, random, "threads.list", "\"archived\":\"all\"", "threads");
        foreach (var key in contents._all.Rows.Keys)
        {
            var thread = $"\"threadId\":{Wire.Quote(key.Split('/', 3)[1])}";
            await contents.ReadRowsAsync(client, random, "messages.list", thread, "messages");
            await contents.ReadRowsAsync(client, random, "tool_calls.list", thread, "tool_calls");
            await contents.ReadRowsAsync(client, random, "plan.get", thread, "plan");
            await contents.ReadRowsAsync(client, random, "state.get", thread, "state");
        }

        await contents.ReadRowsAsync(client, random, "runs.list", "", "runs");
        await contents.ReadRowsAsync(client, random, "permissions.list", "", "permissions");
        foreach (var (_, query, args) in contents._all.Cut.ToList())
        {
            var reply = await client.QueryAsync(query, args);
            contents._all = contents._all.Fetched(query, reply.GetProperty("rows")[0]);
        }

        return contents;
    }

    private async Task ReadRowsAsync(TestClient client, Random random, string query, string args, string stream)
    {
        string? page = null;
        do
        {
            var more = (args.Length > 0 ? "," : "") + $"\"limit\":{random.Next(20, 300)}" + (page is null ? "" : $",\"page\":{Wire.Quote(page)}");
            var reply = await client.QueryAsync(query, args + more);
            if (reply.Text("type") != "tinyvex.query_result") throw new Contradiction($"{query} was answered {Wire.Shorten(reply.GetRawText())}");
            foreach (var row in reply.GetProperty("rows").EnumerateArray()) _all = stream == "messages" ? _all.With(ShownMessage.Of(row)) : _all.With(stream, row);
            page = reply.TryGetProperty("nextPage", out var next) ? next.GetString() : null;
        }
        while (page is not null);
    }

    /// <summary>The part that a subscription is about.</summary>
    public View Of(Followed followed)
    {
        var (stream, thread) = (followed.Stream, followed.ThreadId);
        if (stream == Followed.Everything) return _all;
        return View.Empty with
        {
            Messages = stream is "messages" or "thread" ? _all.Messages.RemoveRange(_all.Messages.Values.Where(one => one.ThreadId != thread).Select(one => one.ItemId)) : View.Empty.Messages,
            Rows = _all.Rows.RemoveRange(_all.Rows.Where(row => !IsOf(row.Key, row.Value)).Select(row => row.Key)),
        };

        bool IsOf(string key, IReadOnlyDictionary<string, string> fields)
        {
            var parts = key.Split('/', 3);
            return stream switch
            {
                "thread" => parts[1] == thread,
                "threads" => parts[0] == stream && fields["archived"] == "false",
                _ => parts[0] == stream && (thread is null || parts[1] == thread),
            };
        }
    }

    /// <summary>Messages of a thread in their order.</summary>
    public IEnumerable<ShownMessage> MessagesOf(string threadId) => _all.Messages.Values.Where(message => message.ThreadId == threadId).OrderBy(message => message.Order);

    /// <summary>The JSON of a field, named by its row's stream, its id where there is one, and itself.</summary>
    public string? Field(string threadId, string field)
    {
        var parts = field.Split('/');
        return _all.Rows.GetValueOrDefault($"{parts[0]}/{threadId}/{parts[1]}")?.GetValueOrDefault(parts[2]);
    }

    /// <summary>How many rows have a field that holds a mark.</summary>
    public int Count(string field, string mark) => _all.Rows.Values.Count(row => row.TryGetValue(field, out var value) && value.Contains(mark, StringComparison.Ordinal));

    /// <summary>The status of a run, named by its thread and itself.</summary>
    public string? Run(string run) => Status("runs", run);

    public string? Answer(string permission) => _all.Rows.GetValueOrDefault($"permissions/{permission.Replace(' ', '/')}")?["outcome"];

    private string? Status(string stream, string id) =>
        _all.Rows.GetValueOrDefault($"{stream}/{id.Replace(' ', '/')}") is { } row ? JsonDocument.Parse(row["status"]).RootElement.GetString() : null;

    /// <summary>What is not the same in another reading, where what was open there may be final here.</summary>
    public string? DiffersFrom(StoreContents earlier)
    {
        var closed = _all with { Messages = _all.Messages.SetItems(_all.Messages.Select(one => KeyValuePair.Create(one.Key, one.Value with { Partial = earlier._all.Messages.GetValueOrDefault(one.Key)?.Partial ?? false }))) };
        // Rows of threads tell of the ends of their messages.
        closed = closed with { Rows = closed.Rows.RemoveRange(closed.Rows.Keys.Where(key => key.StartsWith("threads/", StringComparison.Ordinal))) };
        var before = earlier._all with { Rows = earlier._all.Rows.RemoveRange(earlier._all.Rows.Keys.Where(key => key.StartsWith("threads/", StringComparison.Ordinal))) };
        return closed.DiffersFrom(before, null);
    }
}
