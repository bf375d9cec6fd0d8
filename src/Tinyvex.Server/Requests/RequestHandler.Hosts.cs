using Tinyvex.Attached;
using Tinyvex.Protocol;
using Tinyvex.Writing;

namespace Tinyvex.Requests;

/// <summary>Requests of those who run agents themselves.</summary>
internal sealed partial class RequestHandler
{
    /// <summary>A title stands in lists, and is cut by nobody.</summary>
    private const int MaxTitle = 200;

    private AttachedAgents Attached => services.Sessions.Attached;

    private Task AttachAgent(Request request)
    {
        var id = request.Id;
        var title = request.OptionalString("title");
        if (title?.Length > MaxTitle) throw new TinyvexException(ErrorCode.TooLarge, $"'title' is longer than {MaxTitle} characters");
        Attached.Attach(request.RequiredId(request.Root, "name"), title, requester.Host, () => requester.Answer(id, json => Replies.Ack(json, id)));
        return Task.CompletedTask;
    }

    private WriteCommand Ingest(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        WriteRequests.Ingest(request, key, completed, needsThread: HeldFor(request) is not null);

    private WriteCommand BeginRun(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        HostRequests.Begin(request, key, completed, requester.Host, Attached, IsOurs(request), HeldFor(request));

    private void Begun(WriteOutcome outcome) => Attached.Begin(requester.Host, outcome.RunId!, outcome.ThreadId!, outcome.Agent!, ((StartedRun)outcome).Prompt);

    private WriteCommand EndRun(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        HostRequests.End(request, key, completed, Attached, IsOurs(request));

    private WriteCommand RequestPermission(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        HostRequests.RequestPermission(request, key, completed, IsOurs(request));

    private WriteCommand RequestElicitation(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        HostRequests.RequestElicitation(request, key, completed, IsOurs(request), services.Options.MaxElicitationBytes);

    private WriteCommand CompleteElicitation(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        HostRequests.CompleteElicitation(request, key, completed, IsOurs(request));

    private void Asked(WriteOutcome outcome) => Ask(outcome, isPermission: true);

    private void Elicited(WriteOutcome outcome) => Ask(outcome, isPermission: false);

    private void Ask(WriteOutcome outcome, bool isPermission) =>
        Attached.Ask(requester.Host, new AskedQuestion(outcome.RequestId!, outcome.ThreadId!, outcome.RunId, isPermission));

    /// <summary>Whether an agent is run by the server; in a thread that the requester holds for an editor it runs none.</summary>
    private Func<string, bool> IsOurs(Request request) => HeldFor(request) is null ? services.Sessions.Agents.IsOurs : static _ => false;

    /// <summary>The agent that the requester holds the thread for.</summary>
    private string? HeldFor(Request request) => services.Sessions.Held.AgentOf(request.RequiredThreadId(), requester.Host);

    private void Held(WriteOutcome outcome) => services.Sessions.Hold(outcome.ThreadId!, requester.Host, outcome.Agent!);

    private Task Release(Request request)
    {
        services.Sessions.Held.Release(request.RequiredThreadId(), requester.Host);
        requester.Answer(request.Id, json => Replies.Ack(json, request.Id));
        return Task.CompletedTask;
    }
}
