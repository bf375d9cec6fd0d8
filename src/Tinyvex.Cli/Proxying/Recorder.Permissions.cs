using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>Requests for permission at the server: asked there too, answered there by the editor, and decided there by others.</summary>
internal sealed partial class Recorder
{
    private const string Cancelled = """{"outcome":"cancelled"}""";

    private readonly ConcurrentDictionary<string, PermissionAsk> _asks = new(StringComparer.Ordinal);
    // An answer may overtake the one that tells us which request it is about, so while we ask those of unknown requests are kept.
    private readonly Lock _asking = new();
    private Dictionary<string, string>? _early;

    private async Task AskPermissionAsync(PermissionAsk ask)
    {
        await EnsureHeldAsync(ask.Session);
        var runId = ask.Turn is { IsGivenUp: false } ? ask.Turn.RunId : null;
        lock (_asking) _early = new Dictionary<string, string>(StringComparer.Ordinal);
        string? outcome = null;
        try
        {
            var asked = await AskAsync("tvx.request_permission", json =>
            {
                json.WriteString("threadId"u8, ask.Session.ThreadId);
                if (runId is not null) json.WriteString("runId"u8, runId);
                // Another run, another request; the same one is made once.
                json.WriteString("key"u8, $"{_prefix}-{ask.Key}-{runId}");
                Raw(json, "toolCall"u8, ask.ToolCall);
                Raw(json, "options"u8, ask.Options);
            });
            var requestId = asked.Text("requestId")!;
            ask.RequestId = requestId;
            lock (_asking)
            {
                _asks[requestId] = ask;
                outcome = _early.GetValueOrDefault(requestId);
            }
        }
        finally
        {
            lock (_asking) _early = null;
        }

        if (outcome is not null) Decide(ask, outcome);
    }

    /// <summary>Somebody's answer to a request, which is ours or another session's.</summary>
    private void Learn(string requestId, string outcome)
    {
        PermissionAsk? ask;
        lock (_asking)
        {
            if (!_asks.TryGetValue(requestId, out ask))
            {
                if (_early?.Count < PassingLimits.MaxRequests) _early[requestId] = outcome;
                return;
            }
        }

        Decide(ask, outcome);
    }

    private async Task AnswerAsync(PermissionAsk ask)
    {
        if (ask.RequestId is { } requestId && !ask.IsDecidedByStore && RpcLine.TryRead(ask.EditorLine, out var line))
        {
            var option = line.Result.Member("outcome"u8).Member("optionId"u8);
            try
            {
                await AskAsync("permission.respond", json =>
                {
                    json.WriteString("requestId"u8, requestId);
                    if (option.Text is { } chosen) json.WriteString("optionId"u8, chosen);
                    else json.WriteBoolean("cancelled"u8, true);
                });
            }
            catch (RefusedException refused) when (refused.Details.Text("status") == "answered")
            {
                _race.DecideByStore(ask, refused.Details.GetProperty("outcome").GetRawText());
            }
            catch (RefusedException refused) when (!refused.IsForNow)
            {
                // An option of the editor's own, or a request that the server has ended: what the editor says still counts.
            }

            _asks.TryRemove(requestId, out _);
        }

        _race.DecideByEditor(ask);
    }

    /// <summary>Learns of answers that were given while the connection was away.</summary>
    private async Task CatchUpAsync(ProxiedSession session, List<PermissionAsk> open)
    {
        if (open.Count == 0) return;
        foreach (var row in (await PermissionsAsync(session.ThreadId)).Items("rows").Where(row => row.Text("status") == "answered"))
        {
            if (open.Find(ask => ask.RequestId == row.Text("requestId")) is { } ask) Decide(ask, row.GetProperty("outcome").GetRawText());
        }
    }

    private async Task DecideCancelledAsync(string requestId, string threadId)
    {
        try
        {
            var rows = (await PermissionsAsync(threadId)).Items("rows");
            if (rows.Any(row => row.Text("requestId") == requestId && row.Text("answeredBy") is not null)) Learn(requestId, Cancelled);
        }
        catch (Exception exception) when (exception is LinkLostException or RefusedException)
        {
            // It was the server's end.
        }
    }

    private Task<JsonElement> PermissionsAsync(string? threadId) => AskAsync("tvx.query", json =>
    {
        json.WriteString("name"u8, "permissions.list"u8);
        json.WriteStartObject("args"u8);
        json.WriteString("threadId"u8, threadId);
        json.WriteEndObject();
    });

    private void Decide(PermissionAsk ask, string outcome)
    {
        // Our own answer comes back to us as well, and then it is the editor's line that counts.
        if (ask.EditorLine is { } line && RpcLine.TryRead(line, out var answer) && IsSame(answer.Result.Member("outcome"u8), outcome)) _race.DecideByEditor(ask);
        else _race.DecideByStore(ask, outcome);
    }

    private static bool IsSame(JsonSlice ours, string stored)
    {
        var theirs = new JsonSlice(Encoding.UTF8.GetBytes(stored));
        return ours.Member("optionId"u8).Text == theirs.Member("optionId"u8).Text;
    }
}
