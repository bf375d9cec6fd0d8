using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Protocol;
using Tinyvex.Queries;
using Tinyvex.Sessions;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Requests;

/// <summary>
/// Answers the requests that an agent has to answer first. That may take minutes, so the connection goes on meanwhile; each counts as a write under
/// way.
/// </summary>
internal sealed partial class AgentRequests(ConnectionServices services, IRequester requester)
{
    public const string SessionsList = "sessions.list";

    private readonly ILogger _logger = services.Logger;

    public Task SetModeAsync(Request request)
    {
        var threadId = request.RequiredThreadId();
        var modeId = request.RequiredId(request.Root, "modeId");
        var meta = Meta(request);
        return AnswerAsync(request, Controls.SetMode, () => services.Sessions.CallAsync(threadId, (session, thread) => session.SetModeAsync(
            modeId, meta, () => thread.Store(new SetState { ThreadId = threadId, SessionId = session.Id, CurrentModeId = modeId }))));
    }

    public Task SetConfigOptionAsync(Request request)
    {
        var threadId = request.RequiredThreadId();
        var configId = request.RequiredId(request.Root, "configId");
        if (!request.Root.TryGetProperty("value"u8, out var value) || value.ValueKind is not (JsonValueKind.String or JsonValueKind.True or JsonValueKind.False))
        {
            throw TinyvexException.BadRequest("'value' (a string, or true or false) is needed");
        }

        var raw = request.Json.Slice(value);
        var meta = Meta(request);
        return AnswerAsync(request, Controls.SetConfigOption, () => services.Sessions.CallAsync(threadId, (session, thread) => session.SetConfigOptionAsync(
            configId, raw, meta,
            answer =>
            {
                if (SessionResult.ConfigOptions(answer) is { } options) thread.Store(new SetState { ThreadId = threadId, SessionId = session.Id, ConfigOptions = options });
            })));
    }

    public Task CloseSessionAsync(Request request)
    {
        var threadId = request.RequiredThreadId();
        return AnswerAsync(request, Controls.CloseSession, () => services.Sessions.CloseAsync(threadId));
    }

    public Task AuthenticateAsync(Request request)
    {
        var agent = services.Sessions.Agents.Choose(request.RequiredId(request.Root, "agent"), null);
        var methodId = request.RequiredId(request.Root, "methodId");
        return AnswerAsync(request, Controls.Authenticate, () => services.Sessions.AuthenticateAsync(agent, methodId));
    }

    /// <summary>Makes a thread of a session that the agent has kept, and fills it with what was said there.</summary>
    public async Task OpenSessionAsync(Request request, IdempotencyKey? key)
    {
        var id = request.Id;
        var made = new TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var create = WriteRequests.CreateThread(request, key, made.SetResult, requester.Author, services);
        await BeginAsync(id, Controls.CreateThread, async () =>
        {
            await services.Writer.EnqueueAsync(create);
            var outcome = await made.Task;
            if (outcome is { Error: null, FirstReply: null }) await LoadAsync(outcome.ThreadId!, key);
            if (outcome.Error is { } refused) throw refused;
            requester.Answer(id, json => Replies.Outcome(json, id, outcome, Controls.CreateThread, services.Identity));
        });
    }

    private async Task LoadAsync(string threadId, IdempotencyKey? key)
    {
        try
        {
            await services.Sessions.LoadHistoryAsync(threadId);
        }
        catch (TinyvexException)
        {
            // A thread that shows nothing of what it was made for helps nobody.
            DeleteThread delete = null!;
            await services.Writer.WriteAsync(done => delete = new DeleteThread
            {
                ThreadId = threadId,
                ForgottenKey = key?.Key,
                Completed = outcome =>
                {
                    services.Sessions.Committed(delete, outcome);
                    done(outcome);
                },
            });
            throw;
        }
    }

    /// <summary>The query <c>sessions.list</c>: a page of the sessions that an agent has kept.</summary>
    public Task ListSessionsAsync(Request request)
    {
        var id = request.Id;
        string? named = null, directory = null, page = null;
        if (request.Root.TryGetProperty("args"u8, out var args) && args.ValueKind != JsonValueKind.Null)
        {
            if (args.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("'args' must be an object");
            named = request.OptionalId(args, "agent");
            directory = Request.OptionalString(args, "workingDirectory");
            page = Request.OptionalString(args, "page");
        }

        var agent = services.Sessions.Agents.Choose(named, null);
        return BeginAsync(id, SessionsList, async () =>
        {
            var answer = await services.Sessions.ListSessionsAsync(agent, directory, page);
            var threads = await services.Readers.ReadAsync(store => ThreadQueries.ThreadsOfSessions(store, agent), CancellationToken.None);
            requester.Answer(id, json => SessionList.Write(json, id, answer, threads));
        });
    }

    private static ReadOnlyMemory<byte>? Meta(Request request)
    {
        if (!request.Root.TryGetProperty("_meta"u8, out var meta) || meta.ValueKind == JsonValueKind.Null) return null;
        return meta.ValueKind == JsonValueKind.Object ? request.Json.Slice(meta) : throw TinyvexException.BadRequest("'_meta' must be an object");
    }

    private Task AnswerAsync(Request request, string control, Func<Task> ask)
    {
        var id = request.Id;
        return BeginAsync(id, control, async () =>
        {
            await ask();
            requester.Answer(id, json => Replies.Ack(json, id));
        });
    }

    /// <summary>Begins, and returns while it goes on.</summary>
    private async Task BeginAsync(ReadOnlyMemory<byte>? id, string control, Func<Task> answer)
    {
        await requester.BeginWriteAsync();
        _ = Task.Run(async () =>
        {
            try
            {
                await answer();
            }
            catch (TinyvexException refused)
            {
                Refuse(id, refused);
            }
            catch (StoreFailure failure)
            {
                LogFailed(requester.Number, control, failure);
                Refuse(id, failure.ToClient());
            }
            catch (Exception exception)
            {
                LogFailed(requester.Number, control, exception);
                Refuse(id, new TinyvexException(ErrorCode.Internal, "the server failed on this request; its log says more"));
            }
            finally
            {
                requester.EndWrite();
            }
        });
    }

    private void Refuse(ReadOnlyMemory<byte>? id, TinyvexException error)
    {
        services.Counts.Refuse(error.Code);
        requester.Refuse(id, error);
    }

    [LoggerMessage(EventId = LogEvents.AgentRequestFailed, Level = LogLevel.Error, Message = "Connection {Number}: {Control} failed")]
    private partial void LogFailed(long number, string control, Exception exception);
}
