using System.Collections.Concurrent;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>What the agent asks, at the server: asked there too, answered there by the editor, and decided there by others.</summary>
internal sealed partial class Recorder
{
    private readonly ConcurrentDictionary<string, Question> _questions = new(StringComparer.Ordinal);
    // An answer may overtake the one that tells us which question it is about, so while we ask those of unknown ones are kept.
    private readonly Lock _asking = new();
    private Dictionary<string, JsonElement>? _early;

    private async Task AskAsync(Question question)
    {
        if (question.Session.IsDeleted) return;
        await EnsureHeldAsync(question.Session);
        var runId = question.Turn is { IsGivenUp: false } turn ? turn.RunId : null;
        question.AskKey ??= NewKey();
        lock (_asking) _early = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        JsonElement? outcome = null;
        try
        {
            var asked = await AskAsync(question.AskControl, json =>
            {
                json.WriteString("threadId"u8, question.Session.ThreadId);
                if (runId is not null) json.WriteString("runId"u8, runId);
                // Another run, another request; the same one is made once.
                json.WriteString("key"u8, $"{question.AskKey}-{runId}");
                question.WriteAsked(json);
            });
            var requestId = asked.Text("requestId")!;
            if (question.RequestId is { } before && before != requestId) _questions.TryRemove(before, out _);
            (question.RequestId, question.RunId) = (requestId, runId);
            lock (_asking)
            {
                _questions[requestId] = question;
                if (_early.TryGetValue(requestId, out var early)) outcome = early;
            }
        }
        catch (RefusedException refused) when (refused.Code == "not_found")
        {
            question.Session.IsDeleted = true;
        }
        catch (RefusedException full) when (full.Details.Number("pending") is not null)
        {
            // As many wait as a thread may have, and what ends them stands behind this: the editor alone has it.
            Refused([new QuestionAsked(question)], full);
        }
        finally
        {
            lock (_asking) _early = null;
        }

        if (outcome is { } known) Decide(question, known);
    }

    /// <summary>Somebody's answer to a question, which is ours or another session's.</summary>
    private void Learn(string requestId, JsonElement outcome)
    {
        Question? question;
        lock (_asking)
        {
            if (!_questions.TryGetValue(requestId, out question))
            {
                if (_early?.Count < PassingLimits.MaxRequests) _early[requestId] = outcome;
                return;
            }
        }

        Decide(question, outcome);
    }

    private async Task AnswerAsync(Question question)
    {
        if (question.RequestId is { } requestId && !question.IsDecidedByStore && RpcLine.TryRead(RpcLine.AsText(question.EditorLine!), out var line))
        {
            try
            {
                await RespondAsync(question, requestId, json => question.WriteAnswer(json, line));
            }
            catch (RefusedException refused) when (refused.Details.Text("status") is "answered" or "completed" || refused.Details.Text("answeredBy") is not null)
            {
                _race.DecideByStore(question, refused.Details.GetProperty("outcome").GetRawText());
            }
            catch (RefusedException refused) when (!refused.IsForNow)
            {
                // An answer of the editor's own, which the agent gets, or a question that the server has ended. For the others it is over.
                _race.DecideByEditor(question);
                await WithdrawAsync(question);
            }

            _questions.TryRemove(requestId, out _);
        }

        _race.DecideByEditor(question);
    }

    /// <summary>Nobody is asked any more. What becomes of the row is not learned of: the agent's answer is the editor's to give.</summary>
    private async Task WithdrawAsync(Question question)
    {
        if (question.RequestId is not { } requestId) return;
        question.RequestId = null;
        _questions.TryRemove(requestId, out _);
        await CancelAsync(question, requestId);
    }

    private async Task CancelAsync(Question question, string requestId)
    {
        try
        {
            await RespondAsync(question, requestId, question.WriteCancel);
        }
        catch (RefusedException refused) when (!refused.IsForNow)
        {
            // It is over there too.
        }
    }

    private Task<JsonElement> RespondAsync(Question question, string requestId, Action<Utf8JsonWriter> how) => AskAsync(question.AnswerControl, json =>
    {
        json.WriteString("requestId"u8, requestId);
        how(json);
    });

    /// <summary>Takes up on a new connection what the agent still waits for: one that its run has with it is looked at, another one is asked anew.</summary>
    private async Task TakeUpAsync(Question question)
    {
        if (question.IsDecided || question.Session.IsDeleted) return;
        var runId = question.Turn is { IsGivenUp: false } turn ? turn.RunId : null;
        if (runId is null || question.RunId != runId)
        {
            if (runId is null)
            {
                // Its row is the lost connection's, which is told what becomes of it.
                question.AskKey = $"{_prefix}-{question.RequestId}";
                await CancelAsync(question, question.RequestId!);
            }

            await AskAsync(question);
            return;
        }

        var row = (await RowsAsync(question.Query, question.Session.ThreadId)).Find(row => row.Text("requestId") == question.RequestId);
        if (row.Text("status") is "answered" or "completed" || row.Text("answeredBy") is not null) Decide(question, row.GetProperty("outcome"));
    }

    /// <summary>A server that stops cancels all that waits in it, which is none of the editor's session: so a cancel has to be somebody's.</summary>
    private async Task LearnIfCancelledAsync(string requestId, string threadId, string query, JsonElement outcome)
    {
        try
        {
            var rows = await RowsAsync(query, threadId);
            if (rows.Any(row => row.Text("requestId") == requestId && row.Text("answeredBy") is not null)) Learn(requestId, outcome);
        }
        catch (Exception exception) when (exception is LinkLostException or RefusedException)
        {
            // It was the server's end.
        }
    }

    private async Task<List<JsonElement>> RowsAsync(string query, string? threadId) =>
        [.. (await AskAsync("tvx.query", json =>
        {
            json.WriteString("name"u8, query);
            json.WriteStartObject("args"u8);
            json.WriteString("threadId"u8, threadId);
            json.WriteNumber("limit"u8, MaxRows);
            json.WriteEndObject();
        })).Items("rows")];

    private void Decide(Question question, JsonElement outcome)
    {
        // Our own answer comes back to us as well, and then it is the editor's line that counts.
        if (question.EditorLine is { } line && RpcLine.TryRead(line, out var answer) && question.IsSame(answer, outcome)) _race.DecideByEditor(question);
        else _race.DecideByStore(question, outcome.GetRawText());
        if (question.RequestId is { } requestId && question.EditorLine is null) _questions.TryRemove(requestId, out _);
    }
}
