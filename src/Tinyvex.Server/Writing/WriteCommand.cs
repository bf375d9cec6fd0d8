using Tinyvex.Acp;

namespace Tinyvex.Writing;

/// <summary>Everything that can be asked of the writer: a closed union, applied in <see cref="Writer"/>.</summary>
internal abstract class WriteCommand
{
    private protected WriteCommand()
    {
    }

    /// <summary>The client's idempotency key, where it sent one.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Called once, within the writer's turn, after the commit was published or the command was refused. Must not block.</summary>
    public Action<WriteOutcome>? Completed { get; init; }

    /// <summary>Bytes this command holds while it waits; bounds the queue.</summary>
    public virtual int Weight => 256;

    /// <summary>Whether it takes no longer than other work on the thread that sends it, which may then write it itself.</summary>
    public virtual bool IsQuick => false;

    /// <summary>
    /// Whether it is kept while the store takes no writes, since nobody can send it again; one of a client is refused instead.
    /// </summary>
    public virtual bool MustBeStored => false;

    /// <summary>Whether its client is told nothing, and so would not send it again: it is kept too.</summary>
    public bool IsOnlyCopy { get; set; }

    /// <summary>Whether it is kept, for the one reason or the other.</summary>
    public bool IsKept => MustBeStored || IsOnlyCopy;
}

/// <summary>Finds out whether the store takes writes; leaves nothing in it.</summary>
internal sealed class ProbeStore : WriteCommand;

/// <summary>Updates of an agent: of a thread's own (<see cref="IsOfAgent"/>), or of one that a client runs itself. All or nothing.</summary>
internal class IngestUpdates : WriteCommand
{
    private const int QuickBytes = 16 * 1024;

    public required string ThreadId { get; init; }

    public string? Provider { get; init; }

    public bool IsOfAgent { get; init; }

    /// <summary>Whether a thread that does not exist is not made: it was deleted, and whose updates these are talks on.</summary>
    public bool NeedsThread { get; init; }

    public string? SessionId { get; init; }

    public required SessionUpdate[] Updates { get; init; }

    public override bool MustBeStored => IsOfAgent;

    /// <summary>One update as agents send them by the thousand. A batch, or one with a file in it, may take milliseconds.</summary>
    public override bool IsQuick => Updates is [{ Raw.Length: <= QuickBytes }];

    public override int Weight
    {
        get
        {
            var weight = 256;
            foreach (var update in Updates) weight += update.Raw.Length + 128;
            return weight;
        }
    }
}

internal sealed class FinalizeMessages : WriteCommand
{
    public required string ThreadId { get; init; }

    /// <summary>Only open messages of this kind; null for all.</summary>
    public string? Kind { get; init; }

    /// <summary>Leaves them alone while a run is under way.</summary>
    public bool OnlyBetweenTurns { get; init; }

    public override bool MustBeStored => OnlyBetweenTurns;
}

internal sealed class CreateThread : WriteCommand
{
    public string? Title { get; init; }

    public string? WorkingDirectory { get; init; }

    public string? Agent { get; init; }

    /// <summary>A session of the agent that the thread is to show and go on with; null for a new one.</summary>
    public string? SessionId { get; init; }

    /// <summary>Null for the default.</summary>
    public PolicySetting? Policy { get; init; }
}

/// <summary>An editor drives a session of its agent: the thread for it is found, or made.</summary>
internal sealed class HoldThread : WriteCommand
{
    /// <summary>The one that the session's thread has to be; null where any is right, and one is made where there is none.</summary>
    public string? ThreadId { get; init; }

    public required string Agent { get; init; }

    public required string SessionId { get; init; }

    public string? WorkingDirectory { get; init; }

    public string? CurrentModeId { get; init; }

    public ReadOnlyMemory<byte>? AvailableModes { get; init; }

    public ReadOnlyMemory<byte>? ConfigOptions { get; init; }
}

internal sealed class UpdateThread : WriteCommand
{
    public required string ThreadId { get; init; }

    public Setting? Title { get; init; }

    public bool? Archived { get; init; }

    public Setting? ProjectId { get; init; }

    public Setting? WorkingDirectory { get; init; }

    public JsonSetting? McpServers { get; init; }

    public JsonSetting? AdditionalDirectories { get; init; }

    public PolicySetting? Policy { get; init; }
}

internal sealed class DeleteThread : WriteCommand
{
    public required string ThreadId { get; init; }

    /// <summary>The key under which the thread was made, where what it was made for failed: the same may be tried again.</summary>
    public string? ForgottenKey { get; init; }
}

internal sealed class SubmitRun : WriteCommand
{
    public string? ThreadId { get; init; }

    /// <summary>The prompt as ACP content blocks.</summary>
    public required ReadOnlyMemory<byte> Prompt { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>Null leaves it as it is.</summary>
    public PolicySetting? Policy { get; init; }

    /// <summary>Chooses the agent, given the thread's source; throws <c>agent_unavailable</c>.</summary>
    public required Func<string?, string> ChooseAgent { get; init; }

    /// <summary>Whether the client asked for that agent.</summary>
    public bool NamesAgent { get; init; }

    public required int MaxQueued { get; init; }

    /// <summary>Whether an editor drives the thread, which then takes no prompt from elsewhere.</summary>
    public required Func<string, bool> IsHeld { get; init; }

    public override int Weight => 512 + Prompt.Length;
}

/// <summary>A queued run begins: its prompt becomes the user's message. <c>conflict</c> where it is queued no more.</summary>
internal sealed class StartRun : WriteCommand
{
    public required string RunId { get; init; }

    public override bool MustBeStored => true;
}

internal sealed class EndRun : WriteCommand
{
    public required string RunId { get; init; }

    public required string Status { get; init; }

    public string? StopReason { get; init; }

    /// <summary><c>{code,message,data}</c> as JSON.</summary>
    public ReadOnlyMemory<byte>? Error { get; init; }

    public override bool MustBeStored => true;
}

internal sealed class CancelRun : WriteCommand
{
    public string? ThreadId { get; init; }

    public string? RunId { get; init; }
}

/// <summary>A turn of an agent that a client runs: begins one, or names one that is under way.</summary>
internal sealed class BeginHostedRun : WriteCommand
{
    public required string ThreadId { get; init; }

    /// <summary>The client's own id, or that of a run that is under way; null for a new one.</summary>
    public string? RunId { get; init; }

    /// <summary>The prompt as ACP content blocks; null where the turn has none.</summary>
    public ReadOnlyMemory<byte>? Prompt { get; init; }

    /// <summary>As with updates.</summary>
    public bool NeedsThread { get; init; }

    /// <summary>Chooses the agent, given the thread's source.</summary>
    public required Func<string?, string> ChooseAgent { get; init; }

    /// <summary>Whether the server runs the agent of that name itself.</summary>
    public required Func<string, bool> IsOurs { get; init; }

    /// <summary>Set by the writer: the run was under way already.</summary>
    public bool IsKnown { get; set; }

    public override int Weight => 512 + (Prompt?.Length ?? 0);
}

/// <summary>Ends a turn of an agent that a client runs.</summary>
internal sealed class EndHostedRun : WriteCommand
{
    public required string ThreadId { get; init; }

    /// <summary>Null for the one under way.</summary>
    public string? RunId { get; init; }

    public string? StopReason { get; init; }

    public TinyvexException? Error { get; init; }

    /// <summary>Whether the server runs the agent of that name itself.</summary>
    public required Func<string, bool> IsOurs { get; init; }

    /// <summary>Whether a run is being cancelled: an error is its way to end then.</summary>
    public required Func<string, bool> IsCancelling { get; init; }
}

internal sealed class RequestPermission : WriteCommand
{
    public required string ThreadId { get; init; }

    /// <summary>Null where a client asks, for the run under way, or outside of one.</summary>
    public required string? RunId { get; init; }

    /// <summary>Of a client: whether the server runs the agent of that name itself, whose turns are not the client's to ask in.</summary>
    public Func<string, bool>? IsOurs { get; init; }

    public required ReadOnlyMemory<byte> ToolCall { get; init; }

    public required ToolCallPatch? Patch { get; init; }

    public required ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>A client can ask again.</summary>
    public override bool MustBeStored => IsOurs is null;

    public override int Weight => 512 + ToolCall.Length + Options.Length;
}

internal sealed class RespondPermission : WriteCommand
{
    public required string RequestId { get; init; }

    /// <summary>The chosen option; null cancels the request.</summary>
    public string? OptionId { get; init; }

    /// <summary>Who answered; null where it was nobody.</summary>
    public required string? AnsweredBy { get; init; }

    /// <summary>A client can answer again; a cancel that came too late for the request is the session's own.</summary>
    public override bool MustBeStored => AnsweredBy is null;
}

/// <summary>An agent wants to know something of a person: <c>elicitation/create</c>, checked.</summary>
internal sealed class RequestElicitation : WriteCommand
{
    public required string ThreadId { get; init; }

    /// <summary>The turn that it belongs to and is cancelled with; null outside of one, and where a client asks, for the run under way.</summary>
    public string? RunId { get; init; }

    /// <summary>As with permissions.</summary>
    public Func<string, bool>? IsOurs { get; init; }

    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>A client can ask again.</summary>
    public override bool MustBeStored => IsOurs is null;

    public override int Weight => 512 + Request.Length;
}

internal sealed class RespondElicitation : WriteCommand
{
    public const string Accept = "accept";
    public const string Decline = "decline";
    public const string Cancel = "cancel";

    public required string RequestId { get; init; }

    /// <summary>One of the three.</summary>
    public required string Action { get; init; }

    /// <summary>What was filled in, an object; with <see cref="Accept"/> alone.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>Who answered; null where it was nobody.</summary>
    public required string? AnsweredBy { get; init; }

    /// <summary>As with permissions.</summary>
    public override bool MustBeStored => AnsweredBy is null;

    public override int Weight => 256 + (Content?.Length ?? 0);
}

/// <summary>The agent says that what was to be done at a url is done.</summary>
internal sealed class CompleteElicitation : WriteCommand
{
    public required string ThreadId { get; init; }

    public required string ElicitationId { get; init; }

    /// <summary>As with permissions.</summary>
    public Func<string, bool>? IsOurs { get; init; }

    /// <summary>A client can say so again.</summary>
    public override bool MustBeStored => IsOurs is null;
}

/// <summary>What the agent said of its session when it opened it.</summary>
internal sealed class SetSession : WriteCommand
{
    public required string ThreadId { get; init; }

    public required string SessionId { get; init; }

    /// <summary>The agent whose session it is.</summary>
    public required string Agent { get; init; }

    public string? CurrentModeId { get; init; }

    public ReadOnlyMemory<byte>? AvailableModes { get; init; }

    public ReadOnlyMemory<byte>? ConfigOptions { get; init; }

    public override bool MustBeStored => true;
}

/// <summary>A session is of no use any more: the next prompt of the thread gets a new one.</summary>
internal sealed class ForgetSession : WriteCommand
{
    public required string ThreadId { get; init; }

    public required string SessionId { get; init; }

    public override bool MustBeStored => true;
}

/// <summary>What a client changed in the session, once its agent has agreed.</summary>
internal sealed class SetState : WriteCommand
{
    public required string ThreadId { get; init; }

    public required string SessionId { get; init; }

    public string? CurrentModeId { get; init; }

    public ReadOnlyMemory<byte>? ConfigOptions { get; init; }

    public override bool MustBeStored => true;
}

/// <summary>The agent of a run has been silent for long, or is so no more. A run that has ended stays as it is.</summary>
internal sealed class NoteSilence : WriteCommand
{
    public required string RunId { get; init; }

    /// <summary>Since when, in Unix milliseconds; null where it talks again.</summary>
    public required long? Since { get; init; }
}

/// <summary>Closes what an earlier life of the server, or this one at its end, left open in all threads.</summary>
internal sealed class CloseOpenWork : WriteCommand
{
    public required string RunStatus { get; init; }

    public required string Reason { get; init; }
}
