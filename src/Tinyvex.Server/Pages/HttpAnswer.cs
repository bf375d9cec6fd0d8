using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Tinyvex.Pages;

/// <summary>Answers of a line or a few to plain requests.</summary>
internal static class HttpAnswer
{
    public const string Text = "text/plain; charset=utf-8";

    public static async Task SendAsync(IFeatureCollection context, int status, string type, string body, (string Name, string Value)? header = null)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        var bytes = Encoding.UTF8.GetBytes(body);
        response.StatusCode = status;
        response.Headers.ContentType = type;
        response.Headers.ContentLength = bytes.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        if (header is { } more) response.Headers[more.Name] = more.Value;
        if (!IsHead(context)) await context.GetRequiredFeature<IHttpResponseBodyFeature>().Stream.WriteAsync(bytes);
    }

    public static bool IsHead(IFeatureCollection context) => context.GetRequiredFeature<IHttpRequestFeature>().Method == "HEAD";

    /// <summary>Whether a route that can only be looked at is asked for that.</summary>
    public static bool IsLook(IFeatureCollection context) => context.GetRequiredFeature<IHttpRequestFeature>().Method is "GET" or "HEAD";

    public static Task RefuseMethodAsync(IFeatureCollection context) =>
        SendAsync(context, 405, Text, "Only GET is answered here.\n", ("Allow", "GET, HEAD"));

    public static Task NotFoundAsync(IFeatureCollection context) => SendAsync(context, 404, Text, "There is nothing here. The WebSocket is at /ws.\n");
}
