using System.Buffers;
using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>What agents want to know of a person beside permissions: forms, and pages to visit.</summary>
internal sealed partial class Writer
{
    private const string ByAgent = "agent";

    private static readonly ReadOnlyMemory<byte> CancelAction = "{\"action\":\"cancel\"}"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> AcceptAction = "{\"action\":\"accept\"}"u8.ToArray();

    private WriteOutcome Elicit(RequestElicitation command)
    {
        var state = Require(command.ThreadId);
        var runId = command.RunId;
        if (command.IsOurs is { } isOurs) runId = HostedRunOf(command.ThreadId, runId, isOurs);
        else if (runId is not null) RequireUnderWay(runId);
        if (PendingElicitations(command.ThreadId).Count >= _options.MaxPendingElicitations)
        {
            throw new TinyvexException(
                ErrorCode.Overloaded, $"{_options.MaxPendingElicitations} questions of this thread wait for an answer already",
                $$"""{"pending":{{_options.MaxPendingElicitations}}}""");
        }

        EndOpen(state);
        RowChanged(state);
        var elicitation = new ElicitationRow
        {
            RequestId = NewId(),
            ThreadId = command.ThreadId,
            RunId = runId,
            Ord = state.NextOrd(),
            Request = command.Request,
            Status = ElicitationRow.Pending,
            CreatedAt = _now,
        };
        Insert(elicitation);
        return new WriteOutcome { ThreadId = command.ThreadId, RunId = runId, RequestId = elicitation.RequestId };
    }

    private WriteOutcome Answer(RespondElicitation command)
    {
        var elicitation = _store.Get(ElicitationRow.Get).Bind(1, command.RequestId).One(ElicitationRow.Read)
            ?? throw TinyvexException.NotFound($"elicitation '{command.RequestId}'");
        if (elicitation.Status != ElicitationRow.Pending) throw AnsweredBefore(elicitation.Status, elicitation.Outcome, elicitation.AnsweredBy);
        if (command.Action == RespondElicitation.Accept) CheckContent(elicitation.Request, command.Content);
        var outcome = OutcomeOf(command);
        var status = command.Action == RespondElicitation.Cancel ? ElicitationRow.Cancelled : ElicitationRow.Answered;
        Save(elicitation with { Status = status, Outcome = outcome, AnsweredBy = command.AnsweredBy, AnsweredAt = _now });
        return new WriteOutcome { ThreadId = elicitation.ThreadId, RequestId = elicitation.RequestId, Elicitations = [(elicitation.RequestId, outcome)] };
    }

    /// <summary>What the agent says is done elsewhere is no longer asked. One that was declined or cancelled stays so, and who knows no such one passes it over.</summary>
    private WriteOutcome Complete(CompleteElicitation command)
    {
        var state = Require(command.ThreadId);
        var open = PendingElicitations(command.ThreadId);
        open.AddRange(_store.Get(ElicitationRow.AnsweredOfThread).Bind(1, command.ThreadId).All(ElicitationRow.Read));
        if (open.Find(one => ElicitationRequest.ElicitationId(one.Request) == command.ElicitationId && !IsDeclined(one)) is not { } elicitation) return new WriteOutcome { ThreadId = command.ThreadId };
        if (command.IsOurs is { } isOurs && (elicitation.RunId is { } runId ? RequireRun(runId).Agent : state.Row.Source) is { } agent && isOurs(agent))
        {
            throw new TinyvexException(ErrorCode.Conflict, $"the server runs agent '{agent}' itself, which says so when it is done");
        }

        if (elicitation.Status == ElicitationRow.Answered)
        {
            Save(elicitation with { Status = ElicitationRow.Completed });
            return new WriteOutcome { ThreadId = elicitation.ThreadId };
        }

        Save(elicitation with { Status = ElicitationRow.Completed, Outcome = AcceptAction, AnsweredBy = ByAgent, AnsweredAt = _now });
        return new WriteOutcome { ThreadId = elicitation.ThreadId, Elicitations = [(elicitation.RequestId, AcceptAction)] };
    }

    private static bool IsDeclined(ElicitationRow elicitation)
    {
        if (elicitation.Outcome is not { } outcome) return false;
        using var document = JsonDocument.Parse(outcome, JsonText.DocumentOptions);
        return !document.RootElement.GetProperty("action"u8).ValueEquals("accept"u8);
    }

    private List<(string RequestId, ReadOnlyMemory<byte> Outcome)> CancelElicitations(ThreadState state, string? runId)
    {
        var ended = new List<(string RequestId, ReadOnlyMemory<byte> Outcome)>();
        foreach (var elicitation in PendingElicitations(state.Row.Id))
        {
            if (runId is not null && elicitation.RunId != runId) continue;
            Save(elicitation with { Status = ElicitationRow.Cancelled, Outcome = CancelAction, AnsweredAt = _now });
            ended.Add((elicitation.RequestId, CancelAction));
        }

        return ended;
    }

    private List<ElicitationRow> PendingElicitations(string threadId) =>
        _store.Get(ElicitationRow.PendingOfThread).Bind(1, threadId).All(ElicitationRow.Read);

    private void Insert(ElicitationRow elicitation)
    {
        _store.Get(ElicitationRow.Insert)
            .Bind(1, elicitation.RequestId).Bind(2, elicitation.ThreadId).Bind(3, elicitation.RunId).Bind(4, elicitation.Ord)
            .BindText(5, elicitation.Request.Span).Bind(6, elicitation.Status).BindText(7, elicitation.Outcome).Bind(8, elicitation.AnsweredBy)
            .Bind(9, elicitation.CreatedAt).Bind(10, elicitation.AnsweredAt)
            .Run();
        Tell(elicitation);
    }

    private void Save(ElicitationRow elicitation)
    {
        _store.Get(ElicitationRow.Update)
            .Bind(1, elicitation.RequestId).Bind(2, elicitation.Status).BindText(3, elicitation.Outcome).Bind(4, elicitation.AnsweredBy)
            .Bind(5, elicitation.AnsweredAt)
            .Run();
        Tell(elicitation);
    }

    private void Tell(ElicitationRow elicitation) => _changes.Add(
        new ElicitationChanged(Append(elicitation.ThreadId, EventKinds.Elicitation, subject: elicitation.RequestId), elicitation));

    private static void CheckContent(ReadOnlyMemory<byte> request, ReadOnlyMemory<byte>? content)
    {
        using var asked = JsonDocument.Parse(request, JsonText.DocumentOptions);
        if (!ElicitationRequest.IsForm(asked.RootElement))
        {
            if (content is not null) throw TinyvexException.BadRequest("'content' goes with a form; this request has a url");
            return;
        }

        using var given = content is { } filled ? JsonDocument.Parse(filled, JsonText.DocumentOptions) : null;
        RequestedSchema.CheckContent(asked.RootElement.GetProperty("requestedSchema"u8), given?.RootElement ?? default);
    }

    private static ReadOnlyMemory<byte> OutcomeOf(RespondElicitation command)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("action"u8, command.Action);
            if (command.Content is { } content)
            {
                json.WritePropertyName("content"u8);
                json.WriteRawValue(JsonText.OnOneLine(content.Span), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
