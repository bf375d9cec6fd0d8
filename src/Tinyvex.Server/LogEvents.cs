namespace Tinyvex;

/// <summary>Event ids of the log, a hundred per stage. An id is never used again for something else.</summary>
internal static class LogEvents
{
    // Hosting
    public const int Listening = 100;
    public const int Stopping = 101;
    public const int Stopped = 102;
    public const int StaleRuntimeFile = 103;
    public const int Migrated = 104;
    public const int StopFailed = 105;
    public const int BrowserNotOpened = 106;
    public const int LineRefused = 107;
    public const int LineUnread = 108;
    public const int ParentEnded = 109;

    // Agents
    public const int AgentStarted = 200;
    public const int AgentExited = 201;
    public const int AgentBadLine = 202;
    public const int AgentUnknownRequest = 203;
    public const int AgentStderr = 204;
    public const int AgentBadUpdate = 205;
    public const int AgentResists = 206;
    public const int AgentsFileRefused = 209;

    // Sessions
    public const int RunStarted = 300;
    public const int RunEnded = 301;
    public const int SessionFailed = 302;
    public const int RunEndRefused = 303;
    public const int McpServersLeftOut = 310;
    public const int SessionNotTakenUp = 311;
    public const int AgentIdle = 312;
    public const int RunStalled = 313;

    // Terminals
    public const int TerminalStarted = 800;
    public const int TerminalEnded = 801;
    public const int TerminalFailed = 802;

    // Writing
    public const int WriteFailed = 400;
    public const int StoreTrouble = 401;
    public const int StoreWell = 402;

    // Storage
    public const int CheckpointFailed = 500;

    // Upkeep
    public const int Merged = 700;
    public const int Purged = 701;
    public const int UpkeepFailed = 702;

    // Connections
    public const int ConnectionOpened = 600;
    public const int ConnectionClosed = 601;
    public const int Refused = 602;
    public const int RequestFailed = 603;
    public const int ConnectionFailed = 604;
    public const int StopAsked = 605;
    public const int ConnectionStuck = 606;
    public const int TooManyTokens = 607;
    public const int AgentRequestFailed = 608;
}
