using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Fanout;
using Tinyvex.Protocol;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Requests;

/// <summary>
/// Answers the requests of one connection: reads at once, writes when they are committed. A request that is refused changes nothing
/// and leaves the connection as it was.
/// </summary>
internal sealed partial class RequestHandler(ConnectionServices services, IRequester requester)
{
    private readonly AgentRequests _agentRequests = new(services, requester);
    private readonly ILogger _logger = services.Logger;

    /// <summary>Handles one text frame, which the handler keeps.</summary>
    public async Task HandleAsync(ReadOnlyMemory<byte> frame)
    {
        ReadOnlyMemory<byte>? id = null;
        string? control = null;
        services.Counts.Request();
        try
        {
            using var request = Request.Parse(frame, services.Options.MaxIdBytes);
            request.ReadId();
            id = request.Id;
            control = request.Control;
            await DispatchAsync(request, control);
        }
        catch (TinyvexException refused) when (control is null && id is null)
        {
            services.Counts.Refuse(refused.Code);
            requester.RefuseUnread(refused);
        }
        catch (TinyvexException refused)
        {
            Refuse(id, refused);
        }
        catch (StoreFailure failure)
        {
            LogFailure(control ?? "", failure);
            Refuse(id, failure.ToClient());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailure(control ?? "", exception);
            Refuse(id, new TinyvexException(ErrorCode.Internal, "the server failed on this request; its log says more"));
        }
    }

    public void Refuse(ReadOnlyMemory<byte>? id, TinyvexException error)
    {
        services.Counts.Refuse(error.Code);
        requester.Refuse(id, error);
    }

    private Task DispatchAsync(Request request, string control) => control switch
    {
        Controls.Echo or Controls.DebugEcho or Controls.DebugPing => Echo(request),
        Controls.Query => QueryAsync(request),
        Controls.Subscribe => Subscribe(request),
        Controls.Unsubscribe => Unsubscribe(request),
        Controls.Ingest => WriteAsync(request, control, Ingest),
        Controls.Import => WriteAsync(request, control, ImportRequests.Import),
        Controls.Finalize => WriteAsync(request, control, WriteRequests.Finalize),
        Controls.CreateThread => request.OptionalId(request.Root, "sessionId") is null
            ? WriteAsync(request, control, CreateThread)
            : _agentRequests.OpenSessionAsync(request, WriteRequests.ReadKey(request, control, services.Identity)),
        Controls.Hold => WriteAsync(request, control, HoldRequests.Hold, committed: Held),
        Controls.Release => Release(request),
        Controls.UpdateThread => WriteAsync(request, control, UpdateThread),
        Controls.DeleteThread => WriteAsync(request, control, WriteRequests.DeleteThread),
        Controls.RunSubmit => WriteAsync(request, control, SubmitRun),
        Controls.RunCancel => WriteAsync(request, control, WriteRequests.CancelRun),
        Controls.PermissionRespond => WriteAsync(request, control, RespondPermission),
        Controls.ElicitationRespond => WriteAsync(request, control, RespondElicitation),
        Controls.SetMode => _agentRequests.SetModeAsync(request),
        Controls.SetConfigOption => _agentRequests.SetConfigOptionAsync(request),
        Controls.CloseSession => _agentRequests.CloseSessionAsync(request),
        Controls.Authenticate => _agentRequests.AuthenticateAsync(request),
        Controls.AgentAttach => AttachAgent(request),
        Controls.BeginRun => WriteAsync(request, control, BeginRun, committed: Begun),
        Controls.EndRun => WriteAsync(request, control, EndRun),
        Controls.RequestPermission => WriteAsync(request, control, RequestPermission, committed: Asked, acked: outcome => Attached.Answer(outcome.Permissions)),
        Controls.RequestElicitation => WriteAsync(request, control, RequestElicitation, committed: Elicited),
        Controls.CompleteElicitation => WriteAsync(request, control, CompleteElicitation),
        Controls.AuthCode => MakeCode(request),
        Controls.AuthToken => TellToken(request),
        Controls.ServerStop => StopServer(request),
        _ => throw new TinyvexException(
            ErrorCode.UnknownControl, $"there is no control '{(control.Length > 100 ? control[..100] : control)}'; docs/protocol.md lists those there are"),
    };

    private Task Echo(Request request)
    {
        requester.Answer(request.Id, json =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "echo"u8);
            Replies.Id(json, request.Id);
            Field(json, "payload");
            Field(json, "tag");
            json.WriteNumber("timestamp"u8, services.Time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteEndObject();
        });
        return Task.CompletedTask;

        void Field(Utf8JsonWriter json, string name)
        {
            json.WritePropertyName(name);
            if (request.Root.TryGetProperty(name, out var value)) json.WriteRawValue(request.Json.Slice(value).Span, skipInputValidation: true);
            else json.WriteNullValue();
        }
    }

    private Task Subscribe(Request request)
    {
        var what = ReadSubscription(request);
        var limit = Request.Limit(request.Root, fallback: 100);
        var since = request.OptionalString("since");
        if (Subscriber.SubscriptionCount >= services.Options.MaxSubscriptionsPerConnection)
        {
            throw new TinyvexException(
                ErrorCode.Overloaded, $"a connection may have {services.Options.MaxSubscriptionsPerConnection} subscriptions; end some with tvx.unsubscribe");
        }

        Subscriber.Subscribe(request.Id, what, limit, since);
        return Task.CompletedTask;
    }

    private Task Unsubscribe(Request request)
    {
        Subscriber.Unsubscribe(request.Id, ReadSubscription(request));
        return Task.CompletedTask;
    }

    private Task MakeCode(Request request)
    {
        var made = services.Codes.Make();
        requester.Answer(request.Id, json =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, Controls.AuthCode);
            Replies.Id(json, request.Id);
            json.WriteString("code"u8, made.Code);
            json.WriteNumber("expiresAt"u8, made.ExpiresAt.ToUnixTimeMilliseconds());
            json.WriteEndObject();
        });
        return Task.CompletedTask;
    }

    /// <summary>Whoever came in by a code can come back only with the token.</summary>
    private Task TellToken(Request request)
    {
        requester.Answer(request.Id, json =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, Controls.AuthToken);
            Replies.Id(json, request.Id);
            json.WriteString("token"u8, services.Options.Token);
            json.WriteEndObject();
        });
        return Task.CompletedTask;
    }

    /// <summary>Answers first: replies are sent before a connection is closed.</summary>
    private Task StopServer(Request request)
    {
        requester.Answer(request.Id, json => Replies.Ack(json, request.Id));
        LogStopAsked(requester.Number);
        services.StopServer();
        return Task.CompletedTask;
    }

    private ISubscriber Subscriber =>
        requester.Subscriber ?? throw new TinyvexException(ErrorCode.Unsupported, "there are no subscriptions here; connect to the WebSocket for them");

    private static Subscription ReadSubscription(Request request)
    {
        var stream = request.RequiredString("stream");
        return new Subscription(stream, stream == StreamName.Threads ? null : request.OptionalThreadId(request.Root));
    }

    private async Task QueryAsync(Request request)
    {
        if (request.OptionalString("name") == AgentRequests.SessionsList)
        {
            await _agentRequests.ListSessionsAsync(request);
            return;
        }

        var query = Query.Read(request, services);
        using var frame = new FrameBuilder();
        await services.Readers.ReadAsync(
            store =>
            {
                query.Write(store, frame.Begin());
                return true;
            },
            CancellationToken.None);
        requester.AnswerFrame(request.Id, frame.End());
    }

    private WriteCommand SubmitRun(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        WriteRequests.SubmitRun(request, key, completed, services, requester.Author);

    private WriteCommand CreateThread(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        WriteRequests.CreateThread(request, key, completed, requester.Author, services);

    private WriteCommand UpdateThread(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        WriteRequests.UpdateThread(request, key, completed, requester.Author);

    private WriteCommand RespondPermission(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        WriteRequests.RespondPermission(request, key, completed, Answerer);

    private WriteCommand RespondElicitation(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        WriteRequests.RespondElicitation(request, key, completed, Answerer);

    /// <summary>Who it is that answers an agent.</summary>
    private string Answerer => services.Sessions.Held.HoldsAny(requester.Host) ? "editor" : requester.Author;

    /// <summary>Makes the command, hands it to the writer, and answers once it is committed.</summary>
    /// <param name="committed">Told before anybody acts on the write.</param>
    /// <param name="acked">Told behind the answer.</param>
    private async Task WriteAsync(
        Request request, string control, Func<Request, IdempotencyKey?, Action<WriteOutcome>, WriteCommand> make,
        Action<WriteOutcome>? committed = null, Action<WriteOutcome>? acked = null)
    {
        var id = request.Id;
        var key = WriteRequests.ReadKey(request, control, services.Identity);
        WriteCommand command = null!;
        command = make(request, key, outcome =>
        {
            if (outcome is { Error: null, FirstReply: null }) committed?.Invoke(outcome);
            services.Sessions.Committed(command, outcome);
            requester.EndWrite();
            if (outcome.Error is { } refused) Refuse(id, refused);
            else requester.Answer(id, json => Replies.Outcome(json, id, outcome, control, services.Identity), outcome.IsAlone);
            acked?.Invoke(outcome);
        });
        command.IsOnlyCopy = !requester.HearsOf(id);
        await requester.BeginWriteAsync();
        try
        {
            await services.Writer.EnqueueOrWriteAsync(command);
        }
        catch (TinyvexException)
        {
            requester.EndWrite();
            throw;
        }
    }

    public void LogFailure(string control, Exception exception) => LogRequestFailed(requester.Number, control, exception);

    [LoggerMessage(EventId = LogEvents.StopAsked, Level = LogLevel.Information, Message = "Connection {Number} asks the server to stop")]
    private partial void LogStopAsked(long number);

    [LoggerMessage(EventId = LogEvents.RequestFailed, Level = LogLevel.Error, Message = "Connection {Number}: {Control} failed")]
    private partial void LogRequestFailed(long number, string control, Exception exception);
}
