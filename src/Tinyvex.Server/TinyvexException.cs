namespace Tinyvex;

/// <summary>
/// The one exception of the domain. <see cref="Exception.Message"/> travels to the client that asked, so it says what
/// was wrong and what would be right, and never holds conversation content or a secret.
/// </summary>
public sealed class TinyvexException : Exception
{
    public TinyvexException(ErrorCode code, string message, string? dataJson = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        DataJson = dataJson;
    }

    public ErrorCode Code { get; }

    /// <summary>The error's <c>data</c> member as JSON, where there is one.</summary>
    public string? DataJson { get; }

    internal static TinyvexException BadRequest(string message) => new(ErrorCode.BadRequest, message);

    internal static TinyvexException Held() => new(ErrorCode.Conflict, "an editor drives this thread; ask there, or when its session has ended");

    internal static TinyvexException NotFound(string what) => new(ErrorCode.NotFound, what + " does not exist");
}
