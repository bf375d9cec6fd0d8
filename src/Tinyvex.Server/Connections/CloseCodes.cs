using System.Net.WebSockets;

namespace Tinyvex.Connections;

internal static class CloseCodes
{
    public const WebSocketCloseStatus Stopping = WebSocketCloseStatus.EndpointUnavailable;
    public const WebSocketCloseStatus TooLarge = WebSocketCloseStatus.MessageTooBig;
    public const WebSocketCloseStatus Token = (WebSocketCloseStatus)4401;
    public const WebSocketCloseStatus NoProgress = (WebSocketCloseStatus)4408;
}
