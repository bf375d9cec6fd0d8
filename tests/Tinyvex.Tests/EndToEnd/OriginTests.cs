using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Which web pages, and which names of the server, may reach it at all.</summary>
public class OriginTests
{
    private static async Task ExpectAsync(ServerProcess server, string header, IEnumerable<string> values, bool allowed)
    {
        foreach (var value in values)
        {
            var text = value.Replace("PORT", $"{server.Port}");
            var answer = await RawHttp.GetAsync(server, "/healthz", $"{header}: {text}\r\n");
            // What is no host name at all the HTTP server refuses by itself.
            if (!allowed && header == "Host" && answer.Status == 400) continue;
            await Assert.That(answer.Status).IsEqualTo(allowed ? 200 : 403).Because($"{header}: {text}");
            if (!allowed) await Assert.That(answer.Body).Contains(header).And.Contains("--allow-" + header.ToLowerInvariant());
        }
    }

    [Test]
    public async Task Local_pages_and_apps_are_let_in()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await ExpectAsync(
            server, "Origin",
            [
                "http://localhost", "http://localhost:3000", "https://localhost:8443", "HTTP://LOCALHOST:3000", "http://127.0.0.1:5173", "http://127.0.0.2",
                "http://[::1]:3000", "https://[::1]", "http://127.0.0.1:PORT", "tauri://localhost", "http://tauri.localhost", "https://tauri.localhost",
            ],
            allowed: true);
    }

    [Test]
    public async Task Every_other_origin_is_refused_on_every_route()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await ExpectAsync(
            server, "Origin",
            [
                "null", "", "http://evil.com", "https://evil.com", "http://localhost.evil.com", "http://evil.com:PORT", "http://127.0.0.1.evil.com",
                "http://localhost@evil.com", "http://evil.com#localhost", "http://evil.com/localhost", "http://localhost:80@evil.com", "http://localhost/",
                "http://2130706433", "http://0x7f.1", "http://127.1", "http://[::1].evil.com", "http://[::1]evil.com", "http://localhost:80:80",
                "file://", "file://localhost", "chrome-extension://localhost", "tauri://evil", "tauri://localhost.evil.com", "https://x.tauri.localhost",
                "http://evil.localhost", "localhost", "//localhost", "http://", "http://localhost, http://evil.com", "http://0.0.0.0",
            ],
            allowed: false);
        foreach (var path in (string[])["/ws", "/healthz", "/", "/metrics", "/nothing"])
        {
            var answer = await RawHttp.GetAsync(server, path, $"Origin: http://evil.com\r\nAuthorization: Bearer {server.Token}\r\n{RawHttp.Upgrade}");
            await Assert.That(answer.Status).IsEqualTo(403).Because(path);
        }

        var twice = await RawHttp.GetAsync(server, "/healthz", "Origin: http://localhost\r\nOrigin: http://evil.com\r\n");
        await Assert.That(twice.Status).IsEqualTo(403);
    }

    [Test]
    public async Task A_host_name_that_may_be_rebound_is_refused()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await ExpectAsync(
            server, "Host",
            ["localhost", "localhost:PORT", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:PORT", "127.0.0.1:1", "[::1]", "[::1]:PORT"], allowed: true);
        await ExpectAsync(
            server, "Host",
            [
                "evil.com", "evil.com:PORT", "localhost.evil.com", "127.0.0.1.evil.com", "localhost.", "2130706433", "2130706433:PORT", "0x7f000001", "127.1",
                "0177.0.0.1", "192.168.1.1", "0.0.0.0", "a.localhost", "localhost@evil.com", "[::2]",
            ],
            allowed: false);
    }

    [Test]
    public async Task Options_let_in_further_origins_and_hosts()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(
            folder["t.db"],
            ["--allow-origin", "https://app.example.com", "--allow-origin", "app://*", "--allow-host", "dev.box", "--allow-host", "other.box:81"]);

        await ExpectAsync(server, "Origin", ["https://app.example.com", "app://anything", "app://a.b:3"], allowed: true);
        await ExpectAsync(
            server, "Origin",
            ["http://app.example.com", "https://app.example.com:444", "https://app.example.com.evil.com", "apps://x", "xapp://x", "null", "http://dev.box"],
            allowed: false);
        await ExpectAsync(server, "Host", ["dev.box", "DEV.box:9", "other.box:81"], allowed: true);
        await ExpectAsync(server, "Host", ["other.box", "other.box:82", "x.dev.box", "dev.box.evil.com"], allowed: false);
        var own = await RawHttp.GetAsync(server, "/healthz", "Host: dev.box:9099\r\nOrigin: http://dev.box:9099\r\n");
        await Assert.That(own.Status).IsEqualTo(200);
    }
}
