using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>What each thing is as requests to the server.</summary>
internal sealed partial class Recorder
{
    /// <summary>Updates of one request, where they have queued: the server takes them in one commit.</summary>
    private const int MaxBatch = 1_000;

    private const int MaxBatchBytes = 1024 * 1024;

    /// <summary>More than anybody reads; the whole of it is in the data.</summary>
    private const int MaxErrorLength = 10_000;

    /// <summary>As many as a page of a query has at the most.</summary>
    private const int MaxRows = 1_000;

    // Read by events too, which come on a thread of their own.
    private readonly ConcurrentDictionary<ProxiedSession, string> _held = new();
    private readonly Dictionary<ProxiedSession, ProxiedTurn> _turns = [];
    // Sessions that have said something outside of a turn, whose end would make it final.
    private readonly HashSet<ProxiedSession> _late = [];
    private string _batchKey = "";

    /// <summary>The next entry, or as many updates of one session as follow each other.</summary>
    private List<RecordEntry> TakeNext()
    {
        var entries = new List<RecordEntry>();
        var bytes = 0;
        while (entries.Count < MaxBatch && _queue.Reader.TryPeek(out var next))
        {
            if (entries.Count > 0 && (next is not UpdateSaid || next.Session != entries[0].Session || bytes + next.Weight > MaxBatchBytes)) break;
            _queue.Reader.TryRead(out _);
            entries.Add(next);
            bytes += next.Weight;
            if (next is not UpdateSaid) break;
        }

        _batchKey = NewKey();
        return entries;
    }

    private async Task TellAsync(List<RecordEntry> entries)
    {
        var session = entries[0].Session;
        switch (entries[0])
        {
            case UpdateSaid or ElicitationCompleted when session.IsDeleted:
                break;
            case UpdateSaid:
                await IngestAsync(session, [.. entries.Cast<UpdateSaid>().Where(IsNews)], _batchKey);
                break;
            case SessionOpened opened:
                await HoldAsync(session, opened.Result);
                break;
            case SessionClosed when session.ThreadId is { } threadId:
                await AskAsync("tvx.release", json => json.WriteString("threadId"u8, threadId));
                _held.TryRemove(session, out _);
                foreach (var (requestId, question) in _questions)
                {
                    if (question.Session == session) _questions.TryRemove(requestId, out _);
                }

                break;
            case TurnBegun begun:
                _turns[session] = begun.Turn;
                _late.Remove(session);
                // Anew, as the thread may have been deleted since.
                await HoldAsync(session, default);
                await EnsureRunAsync(begun.Turn);
                break;
            case TurnEnded ended:
                await EndAsync(ended);
                break;
            case QuestionAsked { Question: var question } when !question.IsDecided:
                await AskAsync(question);
                break;
            case QuestionAnswered { Question: var question }:
                await AnswerAsync(question);
                break;
            case QuestionWithdrawn { Question: var question }:
                await WithdrawAsync(question);
                break;
            case ElicitationCompleted completed when session.ThreadId is { } threadId:
                await AskAsync("tvx.complete_elicitation", json =>
                {
                    json.WriteString("threadId"u8, threadId);
                    json.WriteString("elicitationId"u8, completed.ElicitationId);
                });
                break;
            case LineSkipped when _turns.TryGetValue(session, out var turn):
                turn.Missing++;
                Complain(session, "a message was too long to be stored");
                break;
            case Hole hole:
                await MarkAsync(hole);
                break;
        }

        // Of a session that is loaded again, the server has what was said before; what the session is like is said anew.
        bool IsNews(UpdateSaid said) => !said.IsRetold || !session.IsKnown || said.Update.Member("sessionUpdate"u8).Text is
            "available_commands_update" or "current_mode_update" or "config_option_update" or "session_info_update" or "usage_update";
    }

    /// <summary>The thread of a session, held so that no prompt from elsewhere gets into it.</summary>
    /// <param name="again">Whether it is held only where it is still there.</param>
    private async Task HoldAsync(ProxiedSession session, JsonSlice result, bool again = false)
    {
        var modes = result.Member("modes"u8);
        var options = result.Member("configOptions"u8);
        var held = await AskAsync("tvx.hold", json =>
        {
            if (again) json.WriteString("threadId"u8, session.ThreadId);
            json.WriteString("agent"u8, _agent.Name);
            json.WriteString("sessionId"u8, session.Id);
            if (session.WorkingDirectory is { } directory && Path.IsPathFullyQualified(directory)) json.WriteString("workingDirectory"u8, directory);
            if (modes.IsObject) modes.Write(json, "modes"u8);
            if (options.IsArray) options.Write(json, "configOptions"u8);
        });
        if (session.ThreadId is null) session.IsKnown = !held.Is("created");
        session.ThreadId = held.Text("threadId");
        session.IsDeleted = false;
        _held[session] = session.ThreadId!;
    }

    private Task EnsureHeldAsync(ProxiedSession session) => session.ThreadId is null ? HoldAsync(session, default) : Task.CompletedTask;

    private async Task IngestAsync(ProxiedSession session, List<UpdateSaid> said, string key)
    {
        await EnsureHeldAsync(session);
        // Known only now, where this was the first that came of it.
        if (session.IsKnown) said.RemoveAll(one => one.IsRetold && one.Update.Member("sessionUpdate"u8).Text is { } kind && kind.EndsWith("_chunk", StringComparison.Ordinal));
        if (said.Count == 0) return;
        if (!_turns.ContainsKey(session)) _late.Add(session);
        try
        {
            await AskAsync("tvx.ingest", json =>
            {
                json.WriteString("threadId"u8, session.ThreadId);
                json.WriteString("provider"u8, _agent.Name);
                json.WriteString("key"u8, key);
                json.WriteStartArray("updates"u8);
                foreach (var one in said) json.WriteRawValue(one.Update.Bytes.Span, skipInputValidation: true);
                json.WriteEndArray();
            });
        }
        catch (RefusedException refused) when (refused.Code == "not_found")
        {
            // The server makes no thread anew that we hold, as what its agent still says does not bring back what was deleted.
            session.IsDeleted = true;
        }
        catch (RefusedException refused) when (!refused.IsForNow && said.Count > 1)
        {
            // All or nothing: one by one, only what is at fault is left out.
            for (var i = 0; i < said.Count; i++)
            {
                try
                {
                    await IngestAsync(session, [said[i]], string.Create(CultureInfo.InvariantCulture, $"{key}.{i}"));
                }
                catch (RefusedException one) when (!one.IsForNow)
                {
                    Refused([said[i]], one);
                }
            }
        }
    }

    /// <summary>Sees to it that a run of the server stands for the turn: the one it has, or where that has ended with its server another.</summary>
    private async Task EnsureRunAsync(ProxiedTurn turn)
    {
        while (!turn.IsGivenUp)
        {
            turn.RunId ??= Guid.CreateVersion7().ToString();
            try
            {
                // One that is under way is taken up by this.
                await AskAsync("tvx.begin_run", json =>
                {
                    json.WriteString("threadId"u8, turn.Session.ThreadId);
                    json.WriteString("runId"u8, turn.RunId);
                    if (turn.Prompt.IsArray) turn.Prompt.Write(json, "prompt"u8);
                });
                turn.Prompt = default;
                return;
            }
            catch (RefusedException refused) when (refused.Code == "conflict" && refused.Details.Text("runId") is not null)
            {
                // A prompt from elsewhere that was there before us: it ends first.
                await Task.Delay(RefusedPause, _time, _ended.Token);
            }
            catch (RefusedException refused) when (refused.Code == "conflict" && refused.Details.Text("status") is not null)
            {
                // It was begun, so the prompt is the user's message already.
                turn.RunId = null;
                turn.Prompt = default;
            }
        }
    }

    private async Task EndAsync(TurnEnded ended)
    {
        var turn = ended.Turn;
        _turns.Remove(turn.Session);
        foreach (var (requestId, question) in _questions)
        {
            if (question.Turn == turn) _questions.TryRemove(requestId, out _);
        }

        if (turn.RunId is null || turn.IsGivenUp || turn.Session.IsDeleted) return;
        var missing = turn.Missing > 0 ? $"{turn.Missing} messages of this turn are not stored, as the server did not take them" : null;
        if (missing is not null || !ended.Error.IsMissing) await EndRunAsync(turn, missing ?? ended.Error.Member("message"u8).Text ?? "the agent answered with an error", ended.Error);
        else await EndRunAsync(turn, ended.Result.Member("stopReason"u8).Text ?? "end_turn");
    }

    private Task EndRunAsync(ProxiedTurn turn, string stopReason) => EndRunAsync(turn, json => json.WriteString("stopReason"u8, stopReason));

    private Task EndRunAsync(ProxiedTurn turn, string message, JsonSlice error) => EndRunAsync(turn, json =>
    {
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, "agent_error"u8);
        json.WriteString("message"u8, message.Length > MaxErrorLength ? message[..MaxErrorLength] : message);
        if (!error.IsMissing) error.Write(json, "data"u8);
        json.WriteEndObject();
    });

    private async Task EndRunAsync(ProxiedTurn turn, Action<Utf8JsonWriter> how)
    {
        try
        {
            await AskAsync("tvx.end_run", json =>
            {
                json.WriteString("threadId"u8, turn.Session.ThreadId);
                json.WriteString("runId"u8, turn.RunId);
                how(json);
            });
        }
        catch (RefusedException refused) when (refused.Code is "conflict" or "not_found")
        {
            // Ended by the server itself, or deleted with its thread.
        }
    }

    /// <summary>Says in each thread that something is missing, by a run that failed.</summary>
    private async Task MarkAsync(Hole hole)
    {
        _queue.Close(hole);
        foreach (var (session, count) in hole.Lost)
        {
            var why = string.Create(
                CultureInfo.InvariantCulture,
                $"{count} messages since {hole.Since:HH:mm:ss} are not stored, as the server was away or too slow for too long; the editor has them");
            await EnsureHeldAsync(session);
            var turn = _turns.GetValueOrDefault(session);
            if (turn is null or { IsGivenUp: true } && !hole.Marks.TryGetValue(session, out turn)) hole.Marks[session] = turn = new ProxiedTurn(session, default);
            if (turn.RunId is null) await EnsureRunAsync(turn);
            await EndRunAsync(turn, why, default);
            turn.IsGivenUp = true;
        }

        Interlocked.Exchange(ref _saidFull, 0);
        Say("the session is stored again; its thread says what is missing");
    }

    /// <summary>Takes up on a new connection what is under way: threads, runs, and what the agent waits for.</summary>
    private async Task TakeUpAsync()
    {
        foreach (var session in _held.Keys.Where(session => !session.IsDeleted))
        {
            try
            {
                await HoldAsync(session, default, again: true);
            }
            catch (RefusedException refused) when (refused.Code == "not_found")
            {
                session.IsDeleted = true;
            }
        }

        foreach (var turn in _turns.Values.Where(turn => turn is { RunId: not null, Session.IsDeleted: false })) await EnsureRunAsync(turn);
        foreach (var question in _questions.Values) await TakeUpAsync(question);
    }

    /// <summary>What an agent says behind the end of its turn has no end of its own, so its quiet is taken for that.</summary>
    private async Task FinalizeLateAsync()
    {
        foreach (var session in _late.ToList())
        {
            try
            {
                if (session.ThreadId is { } threadId) await AskAsync("tvx.finalize", json => json.WriteString("threadId"u8, threadId));
            }
            catch (Exception exception) when (exception is LinkLostException or RefusedException)
            {
                // The next turn ends it, or the server's end has.
            }
        }

        _late.Clear();
    }

    private void OnEvent(JsonElement frame)
    {
        switch (frame.Text("type"))
        {
            case "permission.answered" when frame.TryGetProperty("outcome", out var outcome):
                Answered(outcome.Text("outcome") == "cancelled" ? "permissions.list" : null, outcome);
                break;
            case "elicitation.answered" when frame.TryGetProperty("outcome", out var outcome):
                Answered(outcome.Text("action") == "cancel" ? "elicitations.list" : null, outcome);
                break;
            case "run.cancel_requested" when frame.Text("threadId") is { } threadId:
                foreach (var (session, _) in _held.Where(one => one.Value == threadId)) Cancel(session);
                break;
        }

        void Answered(string? cancelledIn, JsonElement outcome)
        {
            if (frame.Text("requestId") is not { } requestId) return;
            if (cancelledIn is null) Learn(requestId, outcome);
            else _ = LearnIfCancelledAsync(requestId, frame.Text("threadId")!, cancelledIn, outcome);
        }
    }

    /// <summary>A client cancels the turn: the agent is told as the editor would, and the editor sees the turn end.</summary>
    private void Cancel(ProxiedSession session)
    {
        _race.CancelAllByStore(session);
        _toAgent.Insert(System.Text.Encoding.UTF8.GetBytes(
            $"{{\"jsonrpc\":\"2.0\",\"method\":\"session/cancel\",\"params\":{{\"sessionId\":\"{JsonEncodedText.Encode(session.Id)}\"}}}}\n"));
    }

    private void Refused(List<RecordEntry> entries, RefusedException refused)
    {
        var session = entries[0].Session;
        // What is said in a turn whose begin was refused is stored all the same.
        if (entries[0] is TurnBegun begun) begun.Turn.RunId = null;
        if (_turns.TryGetValue(session, out var turn)) turn.Missing += entries.Count;
        Complain(session, $"the server refuses something of this session: {refused.Message}");
    }

    private static void Complain(ProxiedSession session, string what)
    {
        if (session.HasComplained) return;
        session.HasComplained = true;
        Say(what);
    }
}
