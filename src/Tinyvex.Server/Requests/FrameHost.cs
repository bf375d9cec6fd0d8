using System.Text.Json;
using Tinyvex.Attached;
using Tinyvex.Protocol;

namespace Tinyvex.Requests;

/// <summary>A host as frames to it.</summary>
/// <param name="isGone">Whether it takes nothing any more.</param>
/// <param name="room">Ends once it has read most of what it was sent, or is gone.</param>
/// <param name="send">Queues a frame, without a wait.</param>
internal sealed class FrameHost(Func<bool> isGone, Func<Task> room, Action<Action<Utf8JsonWriter>> send) : IHost
{
    public bool IsGone => isGone();

    public Task RoomAsync() => room();

    public void RequestRun(HostedRun run, bool again) =>
        send(json => HostFrames.RunRequested(json, run.RunId, run.ThreadId, run.Prompt, run.WorkingDirectory, again));

    public void RequestCancel(HostedRun run) => send(json => HostFrames.CancelRequested(json, run.RunId, run.ThreadId));

    public void TellAnswer(QuestionAnswer answer)
    {
        var question = answer.Question;
        var type = question.IsPermission ? HostFrames.PermissionAnswered : HostFrames.ElicitationAnswered;
        send(json => HostFrames.Answered(json, type, question.RequestId, question.ThreadId, question.RunId, answer.Outcome));
    }
}
