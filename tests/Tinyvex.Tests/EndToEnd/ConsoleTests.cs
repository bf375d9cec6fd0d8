using System.Net;
using Tinyvex.Tests.Architecture;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>The console as the program serves it; where npm has not built it, that it says so.</summary>
public class ConsoleTests
{
    private static readonly string Built = Repository.At("src/console/dist");

    private static bool IsBuilt => Directory.Exists(Built);

    [Test]
    public async Task Every_file_that_was_built_is_served_as_it_was_built_and_to_anybody()
    {
        if (!IsBuilt) Skip.Test("the console is not built: npm run build");
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        using var http = new HttpClient { BaseAddress = server.Url };
        var files = Directory.GetFiles(Built, "*", SearchOption.AllDirectories);
        await Assert.That(files.Length).IsGreaterThan(1);
        foreach (var file in files)
        {
            var isCompressed = file.EndsWith(".gz", StringComparison.Ordinal);
            var path = "/" + Path.GetRelativePath(Built, isCompressed ? file[..^3] : file).Replace('\\', '/');
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept-Encoding", "gzip, deflate, br");
            using var answer = await http.SendAsync(request, Deadline.Token());

            await Assert.That(answer.StatusCode).IsEqualTo(HttpStatusCode.OK).Because(path);
            await Assert.That(answer.Content.Headers.ContentEncoding.SingleOrDefault()).IsEqualTo(isCompressed ? "gzip" : null).Because(path);
            var (sent, built) = (await answer.Content.ReadAsByteArrayAsync(), await File.ReadAllBytesAsync(file));
            await Assert.That(sent.SequenceEqual(built)).IsTrue().Because(path);
            await Assert.That(answer.Headers.CacheControl!.ToString()).Contains(path.StartsWith("/assets/", StringComparison.Ordinal) ? "immutable" : "no-cache").Because(path);
        }
    }

    [Test]
    public async Task The_first_page_is_inflated_for_those_who_take_no_gzip_and_comes_once()
    {
        if (!IsBuilt) Skip.Test("the console is not built: npm run build");
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);

        var page = await RawHttp.GetAsync(server, "/");
        await Assert.That((page.Status, page.Header("Content-Encoding"))).IsEqualTo((200, null));
        await Assert.That(page.Body).StartsWith("<!doctype html>").And.Contains("/assets/");
        await Assert.That(page.Header("Content-Security-Policy")).Contains("default-src 'none'; script-src 'self'").And.Contains($"ws://127.0.0.1:{server.Port};");

        var again = await RawHttp.SendAsync(server, $"GET / HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {page.Header("ETag")}\r\nConnection: close\r\n\r\n");
        await Assert.That((again.Status, again.Body)).IsEqualTo((304, ""));
        var head = await RawHttp.SendAsync(server, "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await Assert.That((head.Status, head.Header("Content-Length"), head.Body)).IsEqualTo((200, page.Header("Content-Length"), ""));
        await Assert.That((await RawHttp.GetAsync(server, "/", "Content-Length: 0\r\n", "POST")).Status).IsEqualTo(405);
    }

    [Test]
    public async Task A_program_without_it_says_so()
    {
        if (IsBuilt) Skip.Test("the console is built");
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);

        var answer = await RawHttp.GetAsync(server, "/");

        await Assert.That(answer.Status).IsEqualTo(404);
        await Assert.That(answer.Body).Contains("npm run build");
    }

    [Test]
    [Arguments("/../../etc/passwd")]
    [Arguments("/%2e%2e/%2e%2e/etc/passwd")]
    [Arguments("/assets/..%2f..%2f..%2fetc%2fpasswd")]
    [Arguments("/assets/%2e%2e/%2e%2e/t.db")]
    [Arguments("/..\\..\\etc\\passwd")]
    [Arguments("/%5c..%5ct.db")]
    [Arguments("//etc/passwd")]
    [Arguments("/t.db")]
    [Arguments("/t.db-server.json")]
    [Arguments("/demo.jsonl")]
    [Arguments("/console/index.html")]
    [Arguments("/threads/t1")]
    public async Task No_other_path_leads_anywhere(string path)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);

        var answer = await RawHttp.GetAsync(server, path);

        await Assert.That((answer.Status, answer.Body)).IsEqualTo((404, "There is nothing here. The WebSocket is at /ws.\n"));
    }

    [Test]
    public async Task Host_and_origin_are_looked_at_before_a_page_is()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        foreach (var headers in (string[])["Host: evil.example\r\n", "Origin: https://evil.example\r\n", "Origin: null\r\n"])
        {
            await Assert.That((await RawHttp.GetAsync(server, "/", headers)).Status).IsEqualTo(403).Because(headers);
        }
    }
}
