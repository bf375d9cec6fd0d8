using System.IO.Compression;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

namespace Tinyvex.Pages;

/// <summary>
/// Serves the console: public files, out of the program itself, which get at nothing without the token that their script shows to
/// <c>/ws</c>. Looks for them when the first is asked for, so that a start does not pay for it.
/// </summary>
internal sealed class ConsolePages(Assembly assembly)
{
    private const string NotBuilt = """
        This tinyvex was built without its console. To build it: npm ci && npm run build, then build tinyvex again.
        The WebSocket is at /ws.

        """;

    /// <summary>A page is a few hundred kilobytes and anybody may ask for one, so who takes less than this has no use for it.</summary>
    private static readonly MinDataRate SlowestReader = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));

    private readonly Lazy<PageFiles> _files = new(() => new PageFiles(assembly));

    /// <summary>Answers a request for any path that is no other route.</summary>
    public Task AnswerAsync(IFeatureCollection context)
    {
        var path = context.GetRequiredFeature<IHttpRequestFeature>().Path;
        if (_files.Value.Find(path) is not { } file) return path == "/" && HttpAnswer.IsLook(context)
            ? HttpAnswer.SendAsync(context, 404, HttpAnswer.Text, NotBuilt)
            : HttpAnswer.NotFoundAsync(context);
        return HttpAnswer.IsLook(context) ? SendAsync(context, file) : HttpAnswer.RefuseMethodAsync(context);
    }

    private static async Task SendAsync(IFeatureCollection context, PageFile file)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>().Headers;
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        WriteSafety(response.Headers, request.Host.ToString());
        response.Headers.CacheControl = file.NeverChanges ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (!file.NeverChanges)
        {
            response.Headers.ETag = file.ETag;
            if (IsKnown(request.IfNoneMatch, file.ETag))
            {
                response.StatusCode = 304;
                return;
            }
        }

        response.Headers.ContentType = file.ContentType;
        await using var embedded = file.Open();
        if (!file.IsCompressed || AcceptEncoding.TakesGzip(request.AcceptEncoding))
        {
            if (file.IsCompressed) response.Headers.ContentEncoding = "gzip";
            await SendAsync(context, response.Headers, embedded);
            return;
        }

        await SocketThreads.LeaveAsync();
        using var whole = new MemoryStream();
        await using (var inflating = new GZipStream(embedded, CompressionMode.Decompress)) await inflating.CopyToAsync(whole);
        whole.Position = 0;
        await SendAsync(context, response.Headers, whole);
    }

    private static async Task SendAsync(IFeatureCollection context, IHeaderDictionary headers, Stream content)
    {
        headers.ContentLength = content.Length;
        if (HttpAnswer.IsHead(context)) return;
        context.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = SlowestReader;
        await content.CopyToAsync(context.GetRequiredFeature<IHttpResponseBodyFeature>().Stream);
    }

    /// <summary>
    /// What the page may do, so that a message that got past the console's own care still runs no script, loads nothing from elsewhere and tells nobody.
    /// </summary>
    /// <param name="host">The <c>Host</c> that was asked for, which the gate has let pass.</param>
    private static void WriteSafety(IHeaderDictionary headers, string host)
    {
        // 'self' covers the WebSocket too, but not to the engines of older systems.
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; font-src 'self'; "
            + $"manifest-src 'self'; connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
    }

    /// <summary>Whether the client has it already; compared as weak (RFC 9110, 13.1.2).</summary>
    private static bool IsKnown(StringValues ifNoneMatch, string etag)
    {
        foreach (var known in ifNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (known == "*" || known == etag || "W/" + known == etag) return true;
        }

        return false;
    }
}
