using System.Globalization;
using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.CodexExec;

/// <summary>Turns the events of <c>codex exec --json</c> into session updates, and keeps what they say of the turn itself.</summary>
internal sealed class EventTranslator(UpdateWriter updates, FileChanges changes, Action<string> threadStarted)
{
    private readonly ItemTranslator _items = new(updates, changes, Guid.CreateVersion7().ToString("N")[..16] + "-");
    private bool _ended;

    /// <summary>Whether codex has begun to work on the prompt.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Whether it began and did not say that it ended.</summary>
    public bool IsUnfinished => IsStarted && !_ended;

    /// <summary>Why the turn failed.</summary>
    public string? Failure { get; private set; }

    /// <summary>The last error of the stream. Not every one is the end: codex reconnects, and says so in the same way.</summary>
    public string? LastError { get; private set; }

    public TokenUsage? Usage { get; private set; }

    public void Handle(JsonElement message)
    {
        // Versions before items wrapped what happened: {"id":"0","msg":{"type":…}}, as their own files still do with "payload".
        var inner = message.Field("msg") ?? message.Field("payload");
        if (message.Text("type") == "response_item" && inner is { } response)
        {
            OlderEvents.HandleResponse(response, _items);
            return;
        }

        var happened = inner is { ValueKind: JsonValueKind.Object } ? inner.Value : message;
        var type = (happened.Text("type") ?? happened.Text("event") ?? "").ToLower(CultureInfo.InvariantCulture);
        switch (type)
        {
            case "thread.started" or "session.created" or "session_configured":
                if ((happened.Text("thread_id") ?? happened.Text("session_id")) is not { Length: > 0 } thread) break;
                changes.Rollout.Name(thread);
                threadStarted(thread);
                break;
            case "turn.started":
                IsStarted = true;
                break;
            case "turn.completed":
                _ended = true;
                if (happened.Field("usage") is { } usage) Usage = TokenUsage.Read(usage);
                break;
            case "turn.failed":
                _ended = true;
                Failure = happened.Field("error") is { } error ? error.Text("message") ?? error.ToString() : "the turn failed";
                break;
            case "error" or "stream_error":
                LastError = happened.Text("message") ?? happened.Field("error")?.Text("message");
                break;
            case "item.started" or "item.updated" or "item.completed":
                if (happened.Field("item") is { ValueKind: JsonValueKind.Object } item) _items.Handle(item, isCompleted: type == "item.completed");
                break;
            case "item.delta":
                if (happened.Field("item") is { ValueKind: JsonValueKind.Object } growing) _items.Append(growing);
                break;
            case "item.plan.delta":
                _items.AppendText(UpdateWriter.Message, happened.Text("item_id") ?? "plan", happened.Text("delta") ?? "");
                break;
            case "token_count" when happened.Field("info")?.Field("total_token_usage") is { } total:
                Usage = TokenUsage.Read(total);
                break;
            default:
                OlderEvents.Handle(type, happened, _items);
                break;
        }
    }

    /// <summary>Calls that codex began and did not end, as it was cancelled or failed.</summary>
    public void EndOpenCalls() => _items.EndOpenCalls();

    /// <summary>
    /// Tells how full the model's context is. The events have but the sum of all requests; what the last one took, and the size, is in codex's own
    /// record of the thread. Where that cannot be read the sum is told, and a size of 0.
    /// </summary>
    public void TellUsage()
    {
        if (Usage is null) return;
        var (used, size) = changes.Rollout.Context() ?? (Usage.Input + Usage.Output, 0);
        updates.Send("usage_update", json =>
        {
            json.WriteNumber("used"u8, used);
            json.WriteNumber("size"u8, size);
        });
    }
}
