using System.Diagnostics;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>The example of a host in C#, as it stands, with a phone.</summary>
public class HostExampleTests
{
    private const string Token = "token-of-the-example-0123456789";

    [Test]
    public async Task It_says_back_asks_and_stops()
    {
        using var folder = new TempFolder();
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "HostCSharp.exe" : "HostCSharp");
        using var app = Process.Start(new ProcessStartInfo(program, [folder["t.db"]])
        {
            RedirectStandardOutput = true,
            Environment = { ["TINYVEX_BINARY"] = TestBinary.Path, ["TINYVEX_TOKEN"] = Token },
        })!;
        try
        {
            var url = (await app.StandardOutput.ReadLineAsync(Deadline.Token()))!.Split(' ')[^1];
            await using var phone = await TestClient.ConnectAsync(
                new Uri(url.Replace("http:", "ws:", StringComparison.Ordinal) + "/ws"), configure: options => options.SetRequestHeader("Authorization", "Bearer " + Token));
            await HostStage.UntilAsync(async () => (await phone.RowsAsync("agents.list")).Any(row => row.Text("name") == "echo"), "it is attached");
            await phone.SubscribeAsync("runs");
            await phone.SubscribeAsync("permissions");

            var said = await phone.RequestAsync("\"control\":\"run.submit\",\"text\":\"hello there\"");
            await EndedAsync(phone, said.Text("runId"), "completed");
            await Assert.That((await phone.RowsAsync("messages.list", said.Text("threadId")))[^1].Text("text")).IsEqualTo("hello there ");

            var shouted = await phone.RequestAsync("\"control\":\"run.submit\",\"text\":\"shout hello\"");
            var asked = await phone.NextAsync(frame => frame.Text("stream") == "permissions");
            await phone.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{asked.GetProperty("row").Text("requestId")}\",\"optionId\":\"yes\"");
            await EndedAsync(phone, shouted.Text("runId"), "completed");
            await Assert.That((await phone.RowsAsync("messages.list", shouted.Text("threadId")))[^1].Text("text")).IsEqualTo("HELLO! ");

            var stopped = await phone.RequestAsync($"\"control\":\"run.submit\",\"text\":{Wire.Quote(string.Join(' ', Enumerable.Repeat("on", 10_000)))}");
            await HostStage.UntilAsync(async () => (await phone.RowsAsync("messages.list", stopped.Text("threadId"))).Length == 2, "it speaks");
            await phone.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{stopped.Text("runId")}\"");
            await EndedAsync(phone, stopped.Text("runId"), "cancelled");

            // Killed as it is, it leaves no server behind.
            using var server = Process.GetProcessById((await RuntimeAsync(folder["t.db-server.json"])).GetProperty("pid").GetInt32());
            app.Kill();
            await server.WaitForExitAsync(Deadline.Token());
        }
        finally
        {
            if (!app.HasExited) app.Kill();
            await app.WaitForExitAsync(Deadline.Token());
        }
    }

    private static async Task<JsonElement> RuntimeAsync(string file) => JsonElement.Parse(await File.ReadAllTextAsync(file));

    private static async Task EndedAsync(TestClient phone, string runId, string status)
    {
        var end = await phone.NextAsync(frame => frame.Text("stream") == "runs" && frame.GetProperty("row").Text("runId") == runId
            && frame.GetProperty("row").Text("status") is "completed" or "cancelled" or "failed");
        await Assert.That(end.GetProperty("row").Text("status")).IsEqualTo(status);
    }
}
