using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Attached;
using Tinyvex.Protocol;
using Tinyvex.Writing;

namespace Tinyvex.Requests;

/// <summary>Reads requests of those who run agents themselves into commands (docs/protocol.md, "Agents of clients").</summary>
internal static class HostRequests
{
    public static WriteCommand Begin(
        Request request, IdempotencyKey? key, Action<WriteOutcome> completed, IHost host, AttachedAgents attached, Func<string, bool> isOurs,
        string? heldFor)
    {
        var asked = request.OptionalId(request.Root, "agent");
        return new BeginHostedRun
        {
            Key = key,
            Completed = completed,
            ThreadId = request.RequiredThreadId(),
            RunId = request.OptionalId(request.Root, "runId"),
            Prompt = WriteRequests.OptionalPrompt(request),
            NeedsThread = heldFor is not null,
            ChooseAgent = source => heldFor ?? attached.NameFor(host, asked, source),
            IsOurs = isOurs,
        };
    }

    public static WriteCommand End(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, AttachedAgents attached, Func<string, bool> isOurs)
    {
        var stopReason = request.OptionalId(request.Root, "stopReason");
        var error = Error(request);
        if ((stopReason is null) == (error is null)) throw TinyvexException.BadRequest("either 'stopReason' (a string, such as end_turn) or 'error' is needed");
        return new EndHostedRun
        {
            Key = key,
            Completed = completed,
            ThreadId = request.RequiredThreadId(),
            RunId = request.OptionalId(request.Root, "runId"),
            StopReason = stopReason,
            Error = error,
            IsOurs = isOurs,
            IsCancelling = attached.IsCancelling,
        };
    }

    public static WriteCommand RequestPermission(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, Func<string, bool> isOurs)
    {
        if (!request.Root.TryGetProperty("toolCall"u8, out var toolCall) || toolCall.ValueKind != JsonValueKind.Object)
        {
            throw TinyvexException.BadRequest("'toolCall' (an ACP tool call, with its toolCallId) is needed");
        }

        return new RequestPermission
        {
            Key = key,
            Completed = completed,
            ThreadId = request.RequiredThreadId(),
            RunId = request.OptionalId(request.Root, "runId"),
            ToolCall = request.Json.Slice(toolCall),
            Patch = ToolCallPatch.Parse(request.Json, toolCall, "toolCall"),
            Options = Options(request),
            IsOurs = isOurs,
        };
    }

    public static WriteCommand RequestElicitation(
        Request request, IdempotencyKey? key, Action<WriteOutcome> completed, Func<string, bool> isOurs, int maxBytes)
    {
        if (!request.Root.TryGetProperty("request"u8, out var asked) || asked.ValueKind != JsonValueKind.Object)
        {
            throw TinyvexException.BadRequest("'request' (the fields of ACP's elicitation/create) is needed");
        }

        ElicitationRequest.Check(request.Json.Slice(asked), asked, maxBytes);
        return new RequestElicitation
        {
            Key = key,
            Completed = completed,
            ThreadId = request.RequiredThreadId(),
            RunId = request.OptionalId(request.Root, "runId"),
            Request = request.Json.Slice(asked),
            IsOurs = isOurs,
        };
    }

    public static WriteCommand CompleteElicitation(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, Func<string, bool> isOurs) =>
        new CompleteElicitation
        {
            Key = key,
            Completed = completed,
            ThreadId = request.RequiredThreadId(),
            ElicitationId = request.RequiredString("elicitationId"),
            IsOurs = isOurs,
        };

    /// <summary>Options that a person can choose from.</summary>
    private static ReadOnlyMemory<byte> Options(Request request)
    {
        if (!request.Root.TryGetProperty("options"u8, out var options) || options.ValueKind != JsonValueKind.Array || options.GetArrayLength() == 0)
        {
            throw TinyvexException.BadRequest("'options' (a list of ACP permission options that is not empty) is needed");
        }

        foreach (var option in options.EnumerateArray())
        {
            if (option.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("an option must be an object with 'optionId', 'name' and 'kind'");
            request.RequiredId(option, "optionId");
            Request.RequiredString(option, "name");
            Request.RequiredString(option, "kind");
        }

        return request.Json.Slice(options);
    }

    /// <summary>A message alone, or an object with it.</summary>
    private static TinyvexException? Error(Request request)
    {
        if (!request.Root.TryGetProperty("error"u8, out var error) || error.ValueKind == JsonValueKind.Null) return null;
        if (error.ValueKind == JsonValueKind.String) return new TinyvexException(ErrorCode.AgentError, WriteRequests.Text(request.Root, "error")!);
        if (error.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("'error' must be a message, or an object with 'message'");
        var message = WriteRequests.Text(error, "message") ?? throw TinyvexException.BadRequest("'message' (a string) is needed in 'error'");
        var code = Request.OptionalString(error, "code") is { } name ? ErrorCodeNames.Find(name) : ErrorCode.AgentError;
        return new TinyvexException(
            code ?? throw TinyvexException.BadRequest("'code' of 'error' must be one of the protocol's error codes"),
            message,
            error.TryGetProperty("data"u8, out var data) ? data.GetRawText() : null);
    }
}
