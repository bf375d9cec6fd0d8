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
        if (question.Turn is { IsDeleted: true }) return;
        await EnsureHeldAsync(question.Session);
        var runId = question.Turn is { IsGivenUp: false } ? question.Turn.RunId : null;
        lock (_asking) _early = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        JsonElement? outcome = null;
        try
        {
            var asked = await AskAsync(question.AskControl, json =>
            {
                json.WriteString("threadId"u8, question.Session.ThreadId);
                if (runId is not null) json.WriteString("runId"u8, runId);
                // Another run, another request; the same one is made once.
                json.WriteString("key"u8, $"{_prefix}-{question.Key}-{runId}");
                question.WriteAsked(json);
            });
            var requestId = asked.Text("requestId")!;
            question.RequestId = requestId;
            lock (_asking)
            {
                _questions[requestId] = question;
                if (_early.TryGetValue(requestId, out var early)) outcome = early;
            }
        }
        catch (RefusedException refused) when (refused.Code == "not_found" && runId is not null)
        {
            question.Turn!.IsDeleted = true;
        }
        catch (RefusedException full) when (full.Code == "overloaded" && question is ElicitationQuestion)
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
        if (question.RequestId is { } requestId && !question.IsDecidedByStore && RpcLine.TryRead(question.EditorLine, out var line))
        {
            try
            {
                await AskAsync(question.AnswerControl, json =>
                {
                    json.WriteString("requestId"u8, requestId);
                    question.WriteAnswer(json, line);
                });
            }
            catch (RefusedException refused) when (refused.Details.Text("status") is "answered" or "completed")
            {
                _race.DecideByStore(question, refused.Details.GetProperty("outcome").GetRawText());
            }
            catch (RefusedException refused) when (!refused.IsForNow)
            {
                // An answer of the editor's own, or a question that the server has ended: what the editor says still counts.
            }

            _questions.TryRemove(requestId, out _);
        }

        _race.DecideByEditor(question);
    }

    /// <summary>Learns of answers that were given while the connection was away.</summary>
    private async Task CatchUpAsync(ProxiedSession session, List<Question> open)
    {
        foreach (var kind in open.GroupBy(question => question.Query))
        {
            foreach (var row in await RowsAsync(kind.Key, session.ThreadId))
            {
                if (row.Text("status") is not ("answered" or "completed")) continue;
                if (kind.FirstOrDefault(question => question.RequestId == row.Text("requestId")) is { } question) Decide(question, row.GetProperty("outcome"));
            }
        }
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
            json.WriteEndObject();
        })).Items("rows")];

    private void Decide(Question question, JsonElement outcome)
    {
        // Our own answer comes back to us as well, and then it is the editor's line that counts.
        if (question.EditorLine is { } line && RpcLine.TryRead(line, out var answer) && question.IsSame(answer, outcome)) _race.DecideByEditor(question);
        else _race.DecideByStore(question, outcome.GetRawText());
    }
}
