using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tinyvex.Pages;

namespace Tinyvex.Tests.Pages;

public class ConsolePagesTests
{
    private const string Index = "<!doctype html><title>A page</title><p>and again and again and again and again";

    private static readonly ConsolePages Site = new(new SiteAssembly(
        ("demo.jsonl", "not a page"u8.ToArray()),
        ("console/index.html.gz", SiteAssembly.Gzip(Index)),
        ("console/favicon.ico", [1, 2, 3]),
        ("console/assets/index-abc.js.gz", SiteAssembly.Gzip("let a = 1;")),
        ("console/assets/index-abc.css", "p{}"u8.ToArray())));

    [Test]
    [Arguments("/", "text/html; charset=utf-8", true)]
    [Arguments("/index.html", "text/html; charset=utf-8", true)]
    [Arguments("/favicon.ico", "image/x-icon", false)]
    [Arguments("/assets/index-abc.js", "text/javascript; charset=utf-8", true)]
    [Arguments("/assets/index-abc.css", "text/css; charset=utf-8", false)]
    public async Task A_file_comes_with_its_type_and_as_it_is_embedded(string path, string type, bool isCompressed)
    {
        var (response, body) = await AskAsync(path, request => request.Headers.AcceptEncoding = "br, gzip");

        await Assert.That((response.StatusCode, response.Headers.ContentType.ToString())).IsEqualTo((200, type));
        await Assert.That(response.Headers.ContentEncoding.ToString()).IsEqualTo(isCompressed ? "gzip" : "");
        await Assert.That(response.Headers.ContentLength).IsEqualTo(body.Length);
        await Assert.That(response.Headers.Vary.ToString()).IsEqualTo("Accept-Encoding");
        if (path == "/") await Assert.That(body).IsEquivalentTo(SiteAssembly.Gzip(Index));
    }

    [Test]
    [Arguments(null, false)]
    [Arguments("", false)]
    [Arguments("identity", false)]
    [Arguments("br, deflate", false)]
    [Arguments("gzip;q=0", false)]
    [Arguments("*;q=1, gzip;q=0.000", false)]
    [Arguments("gzip;q=nonsense", false)]
    [Arguments("gzip", true)]
    [Arguments("GZIP", true)]
    [Arguments("x-gzip", true)]
    [Arguments("*", true)]
    [Arguments("*;q=0, br, gzip;q=0.1", true)]
    [Arguments("br;q=1.0, gzip;q=0.8, *;q=0.1", true)]
    public async Task Gzip_goes_to_those_who_take_it_and_plain_text_to_the_others(string? accepted, bool isCompressed)
    {
        var (response, body) = await AskAsync("/", request => request.Headers.AcceptEncoding = accepted);

        await Assert.That(response.Headers.ContentEncoding.ToString()).IsEqualTo(isCompressed ? "gzip" : "");
        await Assert.That(response.Headers.ContentLength).IsEqualTo(body.Length);
        if (!isCompressed) await Assert.That(Encoding.UTF8.GetString(body)).IsEqualTo(Index);
    }

    [Test]
    public async Task What_has_a_hash_in_its_name_is_kept_for_ever_and_all_else_is_asked_for_again()
    {
        var hashed = (await AskAsync("/assets/index-abc.js")).Response;
        await Assert.That(hashed.Headers.CacheControl.ToString()).IsEqualTo("public, max-age=31536000, immutable");

        var etags = new HashSet<string>();
        foreach (var path in (string[])["/", "/index.html", "/favicon.ico"])
        {
            var response = (await AskAsync(path)).Response;
            await Assert.That(response.Headers.CacheControl.ToString()).IsEqualTo("no-cache");
            etags.Add(response.Headers.ETag.ToString());
        }

        await Assert.That(etags.Count).IsEqualTo(2);
    }

    [Test]
    public async Task Whoever_has_it_already_is_told_so()
    {
        var etag = (await AskAsync("/")).Response.Headers.ETag.ToString();
        await Assert.That(etag).StartsWith("W/\"");
        foreach (var known in (string[])[etag, etag[2..], "*", $"\"other\", {etag}"])
        {
            var (response, body) = await AskAsync("/", request => request.Headers.IfNoneMatch = known);
            await Assert.That((response.StatusCode, body.Length)).IsEqualTo((304, 0)).Because(known);
            await Assert.That(response.Headers.ETag.ToString()).IsEqualTo(etag);
            await Assert.That(response.Headers.ContentSecurityPolicy.ToString()).Contains("default-src 'none'");
        }

        await Assert.That((await AskAsync("/", request => request.Headers.IfNoneMatch = "\"other\"")).Response.StatusCode).IsEqualTo(200);
        var another = new ConsolePages(new SiteAssembly(("console/index.html.gz", SiteAssembly.Gzip(Index + "!"))));
        await Assert.That((await AskAsync("/", request => request.Headers.IfNoneMatch = etag, another)).Response.StatusCode).IsEqualTo(200);
    }

    [Test]
    public async Task A_head_has_all_but_the_body()
    {
        foreach (var accepted in (string[])["gzip", "identity"])
        {
            var (get, whole) = await AskAsync("/", request => request.Headers.AcceptEncoding = accepted);
            var (head, body) = await AskAsync("/", request => (request.Method, request.Headers.AcceptEncoding) = ("HEAD", accepted));

            await Assert.That(body).IsEmpty();
            await Assert.That(head.Headers.ContentLength).IsEqualTo(whole.Length);
            await Assert.That(head.Headers.Select(header => header.ToString()).Order()).IsEquivalentTo(get.Headers.Select(header => header.ToString()).Order());
        }
    }

    [Test]
    public async Task A_page_may_do_little()
    {
        foreach (var path in (string[])["/", "/favicon.ico", "/assets/index-abc.js"])
        {
            var headers = (await AskAsync(path)).Response.Headers;
            var policy = headers.ContentSecurityPolicy.ToString().Split("; ");
            string[] expected =
            [
                "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "media-src blob:", "font-src 'self'",
                "manifest-src 'self'", "connect-src 'self' ws://127.0.0.1:9099", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
            ];
            await Assert.That(policy).IsEquivalentTo(expected);
            await Assert.That(headers.XContentTypeOptions.ToString()).IsEqualTo("nosniff");
            await Assert.That(headers["Referrer-Policy"].ToString()).IsEqualTo("no-referrer");
            await Assert.That(headers["Cross-Origin-Opener-Policy"].ToString()).IsEqualTo("same-origin");
            await Assert.That(headers["Cross-Origin-Resource-Policy"].ToString()).IsEqualTo("same-origin");
            await Assert.That(headers["Permissions-Policy"].ToString()).IsEqualTo("camera=(), microphone=(), geolocation=()");
        }
    }

    [Test]
    public async Task Only_the_consoles_files_are_there_and_they_are_only_looked_at()
    {
        foreach (var path in (string[])["/demo.jsonl", "/console/index.html", "/index.html.gz", "/assets", "/assets/", "/../demo.jsonl", "/INDEX.HTML", "", "//"])
        {
            await Assert.That((await AskAsync(path)).Response.StatusCode).IsEqualTo(404).Because(path);
        }

        foreach (var method in (string[])["POST", "PUT", "DELETE", "OPTIONS"])
        {
            var response = (await AskAsync("/", request => request.Method = method)).Response;
            await Assert.That((response.StatusCode, response.Headers.Allow.ToString())).IsEqualTo((405, "GET, HEAD"));
        }
    }

    [Test]
    public async Task A_program_without_it_says_how_to_build_it()
    {
        var (response, body) = await AskAsync("/", site: new ConsolePages(new SiteAssembly(("demo.jsonl", []))));

        await Assert.That(response.StatusCode).IsEqualTo(404);
        await Assert.That(Encoding.UTF8.GetString(body)).Contains("built without its console").And.Contains("npm run build");
    }

    private static async Task<(HttpResponse Response, byte[] Body)> AskAsync(string path, Action<HttpRequest>? with = null, ConsolePages? site = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Headers.Host = "127.0.0.1:9099";
        context.Features.GetRequiredFeature<IHttpRequestFeature>().Path = path;
        with?.Invoke(context.Request);
        var body = new MemoryStream();
        context.Response.Body = body;
        await (site ?? Site).AnswerAsync(context.Features);
        return (context.Response, body.ToArray());
    }
}
