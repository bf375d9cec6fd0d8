using System.Text.Json.Nodes;

namespace HostCSharp;

/// <summary>One prompt and what is made of it.</summary>
internal sealed class EchoTurn(Lines lines, JsonNode asked)
{
    private readonly string _runId = (string)asked["runId"]!;
    private readonly string _threadId = (string)asked["threadId"]!;
    private readonly TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isCancelled;

    public void Cancel() => _isCancelled = true;

    /// <param name="optionId">Null where nothing was chosen.</param>
    public void Answer(string? optionId) => _answer.TrySetResult(optionId);

    public async Task RunAsync()
    {
        var text = string.Concat(asked["prompt"]!.AsArray().Select(block => (string?)block!["text"]));
        if (text.StartsWith("shout ", StringComparison.OrdinalIgnoreCase))
        {
            text = text["shout ".Length..];
            if (await MayShoutAsync()) text = text.ToUpperInvariant() + "!";
        }

        foreach (var word in text.Split(' '))
        {
            if (_isCancelled) break;
            Say(word + " ");
            await Task.Delay(50);
        }

        End(_isCancelled ? "cancelled" : "end_turn");
    }

    private async Task<bool> MayShoutAsync()
    {
        lines.Send(new JsonObject
        {
            ["control"] = "tvx.request_permission",
            ["threadId"] = _threadId,
            ["runId"] = _runId,
            ["toolCall"] = new JsonObject { ["toolCallId"] = "shout-" + _runId, ["title"] = "Shout", ["kind"] = "other" },
            ["options"] = new JsonArray(
                new JsonObject { ["optionId"] = "yes", ["name"] = "Shout", ["kind"] = "allow_once" },
                new JsonObject { ["optionId"] = "no", ["name"] = "Say it quietly", ["kind"] = "reject_once" }),
        });
        // A cancel answers it too.
        return await _answer.Task == "yes";
    }

    private void Say(string text) => lines.Send(new JsonObject
    {
        ["control"] = "tvx.ingest",
        ["threadId"] = _threadId,
        ["runId"] = _runId,
        ["update"] = new JsonObject
        {
            ["sessionUpdate"] = "agent_message_chunk",
            ["content"] = new JsonObject { ["type"] = "text", ["text"] = text },
        },
    });

    private void End(string stopReason) => lines.Send(new JsonObject
    {
        ["control"] = "tvx.end_run",
        ["id"] = "end " + _runId,
        ["threadId"] = _threadId,
        ["runId"] = _runId,
        ["stopReason"] = stopReason,
    });
}
