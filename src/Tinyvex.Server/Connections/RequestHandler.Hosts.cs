using Tinyvex.Attached;
using Tinyvex.Protocol;
using Tinyvex.Writing;

namespace Tinyvex.Connections;

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

    private WriteCommand BeginRun(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        HostRequests.Begin(request, key, completed, requester.Host, Attached, IsOurs);

    private void Begun(WriteOutcome outcome) => Attached.Begin(requester.Host, outcome.RunId!, outcome.ThreadId!, outcome.Agent!, outcome.Prompt);

    private WriteCommand EndRun(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        HostRequests.End(request, key, completed, Attached, IsOurs);

    private WriteCommand RequestPermission(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        HostRequests.RequestPermission(request, key, completed, IsOurs);

    private void Asked(WriteOutcome outcome) =>
        Attached.Ask(requester.Host, new AskedPermission(outcome.RequestId!, outcome.ThreadId!, outcome.RunId));

    private bool IsOurs(string agent) => services.Sessions.Agents.IsOurs(agent);
}
