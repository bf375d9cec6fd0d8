namespace Tinyvex.Contract.Requests;

/// <summary>What a client asks, beside <c>control</c> and <c>id</c>.</summary>
public abstract record Request;

/// <summary>Asks for the same back.</summary>
public sealed record EchoRequest : Request
{
    /// <summary>Any JSON.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>Any JSON.</summary>
    public JsonElement? Tag { get; init; }
}

/// <summary>Asks for rows.</summary>
public sealed record QueryRequest : Request
{
    [KeyOf(typeof(Queries))]
    public required string Name { get; init; }

    [OfEntry("args")]
    public JsonElement? Args { get; init; }
}

/// <summary>Asks for a snapshot, or for what was missed, and all updates that follow.</summary>
public sealed record SubscribeRequest : Request
{
    public required StreamName Stream { get; init; }

    /// <summary>Needed by all streams but <c>threads</c>, <c>runs</c>, <c>permissions</c> and <c>elicitations</c>.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Rows of the snapshot, from 1 to 1,000; 100 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>A cursor of this subscription, to go on after.</summary>
    public string? Since { get; init; }
}

/// <summary>Ends a subscription.</summary>
public sealed record UnsubscribeRequest : Request
{
    public required StreamName Stream { get; init; }

    public string? ThreadId { get; init; }
}

/// <summary>Stores what an agent said that the client runs itself.</summary>
[NeedsOneOf(nameof(Update), nameof(Updates))]
public sealed record IngestRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>Becomes the <c>source</c> of a thread that is made by this.</summary>
    public string? Provider { get; init; }

    /// <summary>The run that they are said in: refused once it has ended, and no thread is made.</summary>
    public string? RunId { get; init; }

    public SessionUpdate? Update { get; init; }

    /// <summary>At most 10,000, of which all are stored, or none.</summary>
    public IReadOnlyList<SessionUpdate>? Updates { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Brings in a part of a conversation from elsewhere, with the times that it had there. All of it is stored, or nothing.</summary>
public sealed record ImportRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>The <c>position</c> of the part before; absent for the first. Where the thread stands elsewhere, the answer is a <c>conflict</c> that says where.</summary>
    public string? After { get; init; }

    /// <summary>The mark of this part, of the client's own making. Absent only where nothing is written, to ask where the thread stands.</summary>
    public string? Position { get; init; }

    public ImportedThread? Thread { get; init; }

    /// <summary>At most 10,000.</summary>
    public IReadOnlyList<ImportEntry>? Entries { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Ends the open message of a thread.</summary>
public sealed record FinalizeRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>Only if it is of that kind.</summary>
    public MessageKind? Kind { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Makes a thread.</summary>
public sealed record CreateThreadRequest : Request
{
    /// <summary>At most 64 KiB.</summary>
    public string? Title { get; init; }

    /// <summary>An absolute path.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The agent of its prompts; the default one where it is absent.</summary>
    public string? Agent { get; init; }

    /// <summary>A session that the agent has kept, from <c>sessions.list</c>: the thread shows what was said there, and goes on with it.</summary>
    public string? SessionId { get; init; }

    /// <summary>What its agent may do without asking; else as the agent or the server has it.</summary>
    public Policy? Policy { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Keeps the thread of an agent's session for whoever drives it, until this connection ends; it is made where there is none.</summary>
public sealed record HoldThreadRequest : Request
{
    /// <summary>Holds only where the session's thread is still this one, and makes none.</summary>
    [JsonPropertyOrder(1)]
    public string? ThreadId { get; init; }

    public required string Agent { get; init; }

    /// <summary>The agent's own id of the session.</summary>
    public required string SessionId { get; init; }

    /// <summary>An absolute path.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>As the agent answered with.</summary>
    public SessionModes? Modes { get; init; }

    /// <summary>As the agent answered with.</summary>
    public IReadOnlyList<ConfigOption>? ConfigOptions { get; init; }
}

/// <summary>Ends that a thread is kept for this connection.</summary>
public sealed record ReleaseThreadRequest : Request
{
    public required string ThreadId { get; init; }
}

/// <summary>Changes a thread; the last write wins.</summary>
public sealed record UpdateThreadRequest : Request
{
    public required string ThreadId { get; init; }

    public required ThreadChanges Updates { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Cancels what runs in a thread, and removes it with all that is in it.</summary>
public sealed record DeleteThreadRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Keeps a prompt and starts a turn with it when its time comes.</summary>
[NeedsOneOf(nameof(Text), nameof(Prompt))]
public sealed record SubmitRunRequest : Request
{
    /// <summary>A thread is made where it is absent.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Else the thread's, else the default one.</summary>
    public string? Agent { get; init; }

    /// <summary>An absolute path.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What the thread's agent may do without asking, from now on; it stays as it is where this is absent.</summary>
    public Policy? Policy { get; init; }

    /// <summary>Not empty.</summary>
    public string? Text { get; init; }

    /// <summary>Not empty.</summary>
    public IReadOnlyList<ContentBlock>? Prompt { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Cancels a turn that is under way, or a run that waits; of a thread the oldest.</summary>
[NeedsOneOf(nameof(ThreadId), nameof(RunId), OrMore = true)]
public sealed record CancelRunRequest : Request
{
    public string? ThreadId { get; init; }

    public string? RunId { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Answers a permission request; the first answer wins.</summary>
[NeedsOneOf(nameof(OptionId), nameof(Cancelled))]
public sealed record RespondPermissionRequest : Request
{
    public required string RequestId { get; init; }

    /// <summary>One of the <c>options</c> of the request.</summary>
    public string? OptionId { get; init; }

    [OnlyTrue]
    public bool? Cancelled { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Changes the mode of a thread's session. Answered when the agent has agreed.</summary>
public sealed record SetModeRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>One of the state's <c>availableModes</c>.</summary>
    public required string ModeId { get; init; }

    /// <summary>Goes to the agent as it is.</summary>
    [JsonPropertyName("_meta")]
    public JsonElement? Meta { get; init; }
}

/// <summary>Changes an option of a thread's session. Answered when the agent has agreed.</summary>
public sealed record SetConfigOptionRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>One of the state's <c>configOptions</c>.</summary>
    public required string ConfigId { get; init; }

    /// <summary>A value of the option, or yes or no.</summary>
    [OneOf(typeof(string), typeof(bool))]
    public required JsonElement Value { get; init; }

    /// <summary>Goes to the agent as it is.</summary>
    [JsonPropertyName("_meta")]
    public JsonElement? Meta { get; init; }
}

/// <summary>Cancels the turn under way, and has the agent let go of the session. The next prompt takes it up again.</summary>
public sealed record CloseSessionRequest : Request
{
    public required string ThreadId { get; init; }
}

/// <summary>Logs an agent in. Answered when the agent has, which may take minutes where a person has to do something.</summary>
public sealed record AuthenticateRequest : Request
{
    public required string Agent { get; init; }

    /// <summary>One of the <c>authMethods</c> in <c>agents.list</c>.</summary>
    public required string MethodId { get; init; }
}

/// <summary>From now on prompts for the agent arrive on this connection.</summary>
public sealed record AttachAgentRequest : Request
{
    /// <summary>No configured agent's, and no other connection's.</summary>
    public required string Name { get; init; }

    /// <summary>For people, at most 200 characters; the name where it is absent.</summary>
    public string? Title { get; init; }
}

/// <summary>Begins a turn of an agent that the client runs, or takes up the one under way.</summary>
public sealed record BeginRunRequest : Request
{
    /// <summary>Made where it does not exist.</summary>
    public required string ThreadId { get; init; }

    /// <summary>That of a run under way, or one of the client's choice for a new one; a new one is made where it is absent.</summary>
    public string? RunId { get; init; }

    /// <summary>The agent of the run; what the connection attached where it is absent.</summary>
    public string? Agent { get; init; }

    /// <summary>The prompt as text, which becomes the user's message.</summary>
    public string? Text { get; init; }

    /// <summary>The prompt as blocks; not beside <c>text</c>.</summary>
    public IReadOnlyList<ContentBlock>? Prompt { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Ends a turn of an agent that the client runs.</summary>
[NeedsOneOf(nameof(StopReason), nameof(Error))]
public sealed record EndRunRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>The run under way where it is absent.</summary>
    public string? RunId { get; init; }

    /// <summary>With <c>cancelled</c> the run is cancelled, else completed.</summary>
    [ValuesOf(typeof(StopReason))]
    public string? StopReason { get; init; }

    /// <summary>The run failed: why, as a message alone or with more. Of one that is being cancelled, it is cancelled.</summary>
    [OneOf(typeof(string), typeof(RunFailure))]
    public JsonElement? Error { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Asks whoever looks at the thread for permission, for an agent that the client runs.</summary>
public sealed record RequestPermissionRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>The run under way where it is absent; where there is none it belongs to none.</summary>
    public string? RunId { get; init; }

    public required PermissionToolCall ToolCall { get; init; }

    /// <summary>Not empty.</summary>
    public required IReadOnlyList<PermissionOption> Options { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Asks whoever looks at the thread to fill in a form or to visit a page, for an agent that the client runs.</summary>
public sealed record RequestElicitationRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>The run under way where it is absent; where there is none it belongs to none.</summary>
    public string? RunId { get; init; }

    /// <summary>The fields of ACP's <c>elicitation/create</c>.</summary>
    [JsonPropertyName("request")]
    public required ElicitationRequest Asked { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Says that what was to be done on a page is done.</summary>
public sealed record CompleteElicitationRequest : Request
{
    public required string ThreadId { get; init; }

    /// <summary>That of the question, as the agent named it.</summary>
    public required string ElicitationId { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}

/// <summary>Needs nothing more.</summary>
public sealed record NoFields : Request;

/// <summary>Answers a question of an agent; the first answer wins.</summary>
public sealed record RespondElicitationRequest : Request
{
    public required string RequestId { get; init; }

    public required ElicitationAction Action { get; init; }

    /// <summary>With <c>accept</c> of a form: what was filled in, by the names of the fields.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Content { get; init; }

    /// <summary>An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once.</summary>
    [JsonPropertyOrder(1)]
    public string? Key { get; init; }
}
