namespace Tinyvex;

/// <summary>The closed set of error codes that travel to clients (docs/protocol.md, "Frames").</summary>
public enum ErrorCode
{
    BadJson,
    BadRequest,
    UnknownControl,
    UnknownQuery,
    UnknownStream,
    NotFound,
    Conflict,
    Forbidden,
    Unsupported,
    TooLarge,
    Overloaded,
    AgentUnavailable,
    AgentError,
    StoreError,
    Internal,
}
