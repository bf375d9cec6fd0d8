namespace Tinyvex.Protocol;

/// <summary>Names of the requests.</summary>
internal static class Controls
{
    public const string Query = "tvx.query";
    public const string Subscribe = "tvx.subscribe";
    public const string Unsubscribe = "tvx.unsubscribe";
    public const string Ingest = "tvx.ingest";
    public const string Import = "tvx.import";
    public const string Finalize = "tvx.finalize";
    public const string CreateThread = "tvx.create_thread";
    public const string Hold = "tvx.hold";
    public const string Release = "tvx.release";
    public const string UpdateThread = "tvx.update_thread";
    public const string DeleteThread = "tvx.delete_thread";
    public const string RunSubmit = "run.submit";
    public const string RunCancel = "run.cancel";
    public const string AgentAttach = "agent.attach";
    public const string BeginRun = "tvx.begin_run";
    public const string EndRun = "tvx.end_run";
    public const string RequestPermission = "tvx.request_permission";
    public const string RequestElicitation = "tvx.request_elicitation";
    public const string CompleteElicitation = "tvx.complete_elicitation";
    public const string PermissionRespond = "permission.respond";
    public const string ElicitationRespond = "elicitation.respond";
    public const string SetMode = "session.set_mode";
    public const string SetConfigOption = "session.set_config_option";
    public const string CloseSession = "session.close";
    public const string Authenticate = "agent.authenticate";
    public const string AuthCode = "auth.code";
    public const string AuthToken = "auth.token";
    public const string ServerStop = "server.stop";
    public const string Echo = "echo";
    public const string DebugEcho = "debug.echo";
    public const string DebugPing = "debug.ping";
}
