namespace Tinyvex.Contract.Requests;

/// <summary>Every request, by its <c>control</c>.</summary>
[Index(KeyName = "ControlName")]
public abstract record Controls
{
    [JsonPropertyName("echo")]
    public required ControlEntry<EchoRequest, EchoFrame> Echo { get; init; }

    [JsonPropertyName("debug.echo")]
    public required ControlEntry<EchoRequest, EchoFrame> DebugEcho { get; init; }

    [JsonPropertyName("debug.ping")]
    public required ControlEntry<EchoRequest, EchoFrame> DebugPing { get; init; }

    [JsonPropertyName("tvx.query")]
    public required ControlEntry<QueryRequest, QueryResultFrame> TvxQuery { get; init; }

    [JsonPropertyName("tvx.subscribe")]
    public required ControlEntry<SubscribeRequest, Either<SnapshotFrame, ResumedFrame>> TvxSubscribe { get; init; }

    [JsonPropertyName("tvx.unsubscribe")]
    public required ControlEntry<UnsubscribeRequest, AckFrame> TvxUnsubscribe { get; init; }

    [JsonPropertyName("tvx.ingest")]
    public required ControlEntry<IngestRequest, AckFrame> TvxIngest { get; init; }

    /// <summary>Brings in a part of a conversation from elsewhere.</summary>
    [JsonPropertyName("tvx.import")]
    public required ControlEntry<ImportRequest, AckFrame> TvxImport { get; init; }

    [JsonPropertyName("tvx.finalize")]
    public required ControlEntry<FinalizeRequest, AckFrame> TvxFinalize { get; init; }

    [JsonPropertyName("tvx.create_thread")]
    public required ControlEntry<CreateThreadRequest, ThreadCreatedFrame> TvxCreateThread { get; init; }

    [JsonPropertyName("tvx.hold")]
    public required ControlEntry<HoldThreadRequest, ThreadHeldFrame> TvxHold { get; init; }

    [JsonPropertyName("tvx.release")]
    public required ControlEntry<ReleaseThreadRequest, AckFrame> TvxRelease { get; init; }

    [JsonPropertyName("tvx.update_thread")]
    public required ControlEntry<UpdateThreadRequest, AckFrame> TvxUpdateThread { get; init; }

    [JsonPropertyName("tvx.delete_thread")]
    public required ControlEntry<DeleteThreadRequest, AckFrame> TvxDeleteThread { get; init; }

    [JsonPropertyName("run.submit")]
    public required ControlEntry<SubmitRunRequest, RunSubmittedFrame> RunSubmit { get; init; }

    [JsonPropertyName("run.cancel")]
    public required ControlEntry<CancelRunRequest, AckFrame> RunCancel { get; init; }

    [JsonPropertyName("permission.respond")]
    public required ControlEntry<RespondPermissionRequest, AckFrame> PermissionRespond { get; init; }

    [JsonPropertyName("elicitation.respond")]
    public required ControlEntry<RespondElicitationRequest, AckFrame> ElicitationRespond { get; init; }

    [JsonPropertyName("session.set_mode")]
    public required ControlEntry<SetModeRequest, AckFrame> SessionSetMode { get; init; }

    [JsonPropertyName("session.set_config_option")]
    public required ControlEntry<SetConfigOptionRequest, AckFrame> SessionSetConfigOption { get; init; }

    [JsonPropertyName("session.close")]
    public required ControlEntry<CloseSessionRequest, AckFrame> SessionClose { get; init; }

    [JsonPropertyName("agent.authenticate")]
    public required ControlEntry<AuthenticateRequest, AckFrame> AgentAuthenticate { get; init; }

    [JsonPropertyName("agent.attach")]
    public required ControlEntry<AttachAgentRequest, AckFrame> AgentAttach { get; init; }

    [JsonPropertyName("tvx.begin_run")]
    public required ControlEntry<BeginRunRequest, RunBegunFrame> TvxBeginRun { get; init; }

    [JsonPropertyName("tvx.end_run")]
    public required ControlEntry<EndRunRequest, AckFrame> TvxEndRun { get; init; }

    [JsonPropertyName("tvx.request_permission")]
    public required ControlEntry<RequestPermissionRequest, QuestionAskedFrame> TvxRequestPermission { get; init; }

    [JsonPropertyName("tvx.request_elicitation")]
    public required ControlEntry<RequestElicitationRequest, QuestionAskedFrame> TvxRequestElicitation { get; init; }

    [JsonPropertyName("tvx.complete_elicitation")]
    public required ControlEntry<CompleteElicitationRequest, AckFrame> TvxCompleteElicitation { get; init; }

    /// <summary>Asks for a code that lets one client in, once.</summary>
    [JsonPropertyName("auth.code")]
    public required ControlEntry<NoFields, AuthCodeFrame> AuthCode { get; init; }

    /// <summary>Asks for the token, after a code.</summary>
    [JsonPropertyName("auth.token")]
    public required ControlEntry<NoFields, AuthTokenFrame> AuthToken { get; init; }

    /// <summary>Stops the server, as SIGTERM does.</summary>
    [JsonPropertyName("server.stop")]
    public required ControlEntry<NoFields, AckFrame> ServerStop { get; init; }
}
