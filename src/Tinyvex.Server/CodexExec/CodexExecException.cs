namespace Tinyvex.CodexExec;

/// <summary>A request that cannot be answered, or a turn that failed: what the client is told as a JSON-RPC error.</summary>
internal sealed class CodexExecException(int code, string message, int? exitCode = null) : Exception(message)
{
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    /// <summary>ACP "authentication required".</summary>
    public const int AuthRequired = -32000;

    /// <summary>ACP "resource not found".</summary>
    public const int NotFound = -32002;

    public int Code { get; } = code;

    /// <summary>How codex ended, where it did.</summary>
    public int? ExitCode { get; } = exitCode;
}
