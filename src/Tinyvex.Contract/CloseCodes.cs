namespace Tinyvex.Contract;

/// <summary>Codes with which the server closes a WebSocket.</summary>
public static class CloseCodes
{
    /// <summary>The server stops.</summary>
    public const int Stopping = 1001;

    /// <summary>A frame was larger than 16 MiB.</summary>
    public const int TooLarge = 1009;

    /// <summary>The token is missing or wrong.</summary>
    public const int Token = 4401;

    /// <summary>The client has taken no byte for 30 s while something waited for it.</summary>
    public const int NoProgress = 4408;
}
