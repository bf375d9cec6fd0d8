using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Tinyvex.Connections;

/// <summary>The WebSocket handshake (RFC 6455, 4.2).</summary>
internal static class Handshake
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public static bool IsUpgrade(IHttpRequestFeature request) =>
        request.Method == "GET" && string.Equals(request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why an upgrade cannot be answered, or null.</summary>
    public static (int Status, string Message)? Problem(IHttpRequestFeature request)
    {
        if (request.Headers.SecWebSocketVersion != "13") return (426, "This server speaks WebSocket version 13.\n");
        Span<byte> key = stackalloc byte[16];
        return Convert.TryFromBase64String(request.Headers.SecWebSocketKey.ToString(), key, out var length) && length == 16
            ? null
            : (400, "Sec-WebSocket-Key must be 16 bytes in base64.\n");
    }

    public static void Accept(IHttpRequestFeature request, IHttpResponseFeature response, string? subprotocol)
    {
        var accept = Sha1.Hash(Encoding.ASCII.GetBytes(request.Headers.SecWebSocketKey + Guid));
        response.StatusCode = 101;
        response.Headers.Connection = "Upgrade";
        response.Headers.Upgrade = "websocket";
        response.Headers.SecWebSocketAccept = Convert.ToBase64String(accept);
        if (subprotocol is not null) response.Headers.SecWebSocketProtocol = subprotocol;
    }
}
