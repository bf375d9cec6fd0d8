using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Agents;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>What the agent asks of a person: stored first, and answered by what is stored of the answer.</summary>
internal sealed partial class ThreadSession
{
    private async Task AskPermissionAsync(AgentConnection connection, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object
            || !parameters.TryGetProperty("toolCall"u8, out var toolCall) || toolCall.ValueKind != JsonValueKind.Object
            || !parameters.TryGetProperty("options"u8, out var options) || options.ValueKind != JsonValueKind.Array)
        {
            await connection.RespondErrorAsync(id, AgentRpcException.InvalidParams, "session/request_permission needs 'toolCall' and 'options'");
            return;
        }

        // Behind the answer to the prompt it is outside of the turn, also while the turn's end is being stored.
        var turn = _turn is { IsAnswered: false } current ? current : null;
        var question = new PendingQuestion(connection, id, isPermission: true, turn?.RunId);
        if (turn is not { IsCancelled: false })
        {
            await question.RefuseAsync();
            return;
        }

        ToolCallPatch? patch = null;
        try
        {
            patch = ToolCallPatch.Parse(line, toolCall, "toolCall");
        }
        catch (TinyvexException broken)
        {
            // A person can still answer it.
            LogBadUpdate(ThreadId, broken.Message);
        }

        Begin(question);
        await services.Writer.EnqueueAsync(new RequestPermission
        {
            ThreadId = ThreadId,
            RunId = turn.RunId,
            ToolCall = line.Slice(toolCall),
            Patch = patch,
            Options = line.Slice(options),
            Completed = outcome => Asked(question, turn, outcome),
        });
    }

    private async Task ElicitAsync(AgentConnection connection, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        try
        {
            if (parameters.ValueKind == JsonValueKind.Undefined) throw TinyvexException.BadRequest("elicitation/create needs its fields");
            ElicitationRequest.Check(line.Slice(parameters), parameters, services.Options.MaxElicitationBytes);
        }
        catch (TinyvexException broken)
        {
            LogBadUpdate(ThreadId, broken.Message);
            await connection.RespondErrorAsync(id, AgentRpcException.InvalidParams, broken.Message);
            return;
        }

        // Outside of a turn it is asked too, as for a login; then it belongs to none, and lives as long as the agent.
        var turn = _turn is { IsAnswered: false } current ? current : null;
        var question = new PendingQuestion(connection, id, isPermission: false, turn?.RunId);
        if (turn is { IsCancelled: true })
        {
            await question.RefuseAsync();
            return;
        }

        Begin(question);
        await services.Writer.EnqueueAsync(new RequestElicitation
        {
            ThreadId = ThreadId,
            RunId = turn?.RunId,
            Request = line.Slice(parameters),
            Completed = outcome => Asked(question, turn, outcome),
        });
    }

    /// <summary>A question was stored, or refused. Called within the writer's turn, and so before any answer can be committed.</summary>
    private void Asked(PendingQuestion question, Turn? turn, WriteOutcome outcome)
    {
        if (outcome.RequestId is not { } requestId)
        {
            _questions.Drop(question);
            if (outcome.Error is { Code: ErrorCode.Overloaded } full) _ = question.Connection.RespondErrorAsync(question.Id, AgentRpcException.InternalError, full.Message);
            else _ = question.RefuseAsync();
            return;
        }

        var isWanted = _questions.TryAdd(question, requestId);
        Resolve(outcome);
        // Asked while the cancel was on its way, and stored after it. What a policy has allowed is answered already.
        if ((turn is { IsCancelled: true } || !isWanted || question.Connection.HasEnded) && outcome.Permissions.Count == 0) _ = CancelAsync(question);
    }

    private async Task CompleteElicitationAsync(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetProperty("elicitationId"u8, out var id)
            || id.ValueKind != JsonValueKind.String || JsonText.HasLoneSurrogate(id)) return;
        await services.Writer.EnqueueAsync(new CompleteElicitation { ThreadId = ThreadId, ElicitationId = id.GetString()!, Completed = Resolve });
    }

    /// <summary>A question is on its way to the store. One that its agent takes back (<c>$/cancel_request</c>) is answered as cancelled.</summary>
    private void Begin(PendingQuestion question)
    {
        _questions.Begin(question);
        _ = question.Connection.Cancelled(question.Id).Register(() =>
        {
            if (_questions.Withdraw(question)) _ = CancelAsync(question);
        });
    }

    /// <summary>What an agent that is gone has asked outside of a turn has nobody to be answered to. A turn's end cancels the rest.</summary>
    private async Task CancelOrphansAsync()
    {
        foreach (var question in _questions.TakeOrphans())
        {
            if (question.RunId is null) await CancelAsync(question);
        }
    }

    private Task CancelAsync(PendingQuestion question) => services.Writer.EnqueueUnlessStoppingAsync(question.IsPermission
        ? new RespondPermission { RequestId = question.RequestId!, OptionId = null, AnsweredBy = null, Completed = Resolve }
        : new RespondElicitation { RequestId = question.RequestId!, Action = RespondElicitation.Cancel, AnsweredBy = null, Completed = Resolve });
}
