namespace Tinyvex;

/// <summary>Exit codes of the server (docs/protocol.md, "Endpoint").</summary>
public enum ExitCode
{
    Stopped = 0,
    InternalError = 1,
    WrongUsage = 2,
    AlreadyRunning = 3,
    DatabaseUnusable = 4,
    AddressUnusable = 5,
}
