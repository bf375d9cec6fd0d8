using System.Net.WebSockets;

namespace Tinyvex.Connections;

internal static class CloseCodes
{
    public const WebSocketCloseStatus Stopping = WebSocketCloseStatus.EndpointUnavailable;
    public const WebSocketCloseStatus TooLarge = WebSocketCloseStatus.MessageTooBig;
    public const WebSocketCloseStatus Token = (WebSocketCloseStatus)4401;

    /// <summary>A whole close frame with that code, for one who gets nothing else.</summary>
    public static ReadOnlyMemory<byte> TokenFrame { get; } = new byte[] { 0x88, 0x02, (int)Token >> 8, (int)Token & 0xff };

    public const WebSocketCloseStatus NoProgress = (WebSocketCloseStatus)4408;
}
