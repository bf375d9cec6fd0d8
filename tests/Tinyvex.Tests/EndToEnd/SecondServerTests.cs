using System.Text.Json;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>One server per database, by whatever path, and how others find it.</summary>
public class SecondServerTests
{
    [Test]
    [Arguments("the same path")]
    [Arguments("a relative path")]
    [Arguments("a link to the file")]
    [Arguments("a link to the directory")]
    [Arguments("links to both")]
    public async Task It_does_not_start_and_says_where_the_first_one_is(string by)
    {
        using var folder = new TempFolder();
        var path = await PrepareAsync(folder, by);
        await using var first = await ServerProcess.StartAsync(folder["real/t.db"]);

        var (exitCode, output, errors) = await ServerProcess.RunAsync(["serve", "--db", path, "--port", "0"]);

        await Assert.That(exitCode).IsEqualTo(3);
        var line = Held.FirstLine(JsonDocument.Parse(output).RootElement);
        await Assert.That(line.GetProperty("type").GetString()).IsEqualTo("tinyvex.already_running");
        await Assert.That(line.GetProperty("url").GetString()).IsEqualTo(first.Ready.GetProperty("url").GetString());
        await Assert.That(output).DoesNotContain("oken");
        await Assert.That(output.TrimEnd()).DoesNotContain("\n");
        await Assert.That(errors).Contains("holds").And.DoesNotContain(first.Token!);
        await Assert.That(await first.StopAsync()).IsEqualTo(0);
    }

    [Test]
    public async Task Of_many_that_start_at_once_one_runs()
    {
        using var folder = new TempFolder();
        var starts = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                return await ServerProcess.StartAsync(folder["t.db"]);
            }
            catch (KeyNotFoundException)
            {
                return null;
            }
        }));
        // All of them wrote a line; only that of the one that runs has a port.
        var running = starts.Where(server => server!.Ready.GetProperty("type").GetString() == "tinyvex.ready").ToArray();
        foreach (var server in starts) await server!.DisposeAsync();
        await Assert.That(running.Length).IsEqualTo(1);
    }

    [Test]
    public async Task A_file_that_another_is_just_making_is_held_and_not_damaged()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["t.db"], [.. "SQLite format 3\0"u8, .. new byte[4080]]);
        using (InstanceLock.TryTake(folder["t.db"])!)
        {
            var (held, _, errors) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], "--port", "0"]);
            await Assert.That(held).IsEqualTo(3).Because(errors);
        }

        await Assert.That((await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], "--port", "0"])).ExitCode).IsEqualTo(4);
    }

    [Test]
    public async Task The_runtime_file_says_all_and_goes_with_the_server()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        var file = RuntimeFile.PathOf(folder["t.db"]);
        var content = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;

        await Assert.That(content.GetProperty("url").GetString()).IsEqualTo(server.Ready.GetProperty("url").GetString());
        await Assert.That(content.GetProperty("token").GetString()).IsEqualTo(server.Token);
        await Assert.That(content.GetProperty("pid").GetInt32()).IsEqualTo(server.Id);
        await Assert.That(content.GetProperty("storeId").GetString()).IsEqualTo(server.Ready.GetProperty("storeId").GetString());
        await Assert.That(content.GetProperty("startedAt").GetInt64()).IsGreaterThan(1_700_000_000_000);
        foreach (var path in Directory.GetFiles(folder.Path)) await Assert.That(Permissions.Of(path)).IsEqualTo("600").Because(path);

        await server.StopAsync();
        await Assert.That(File.Exists(file)).IsFalse();
    }

    [Test]
    public async Task A_stale_runtime_file_is_recognised()
    {
        using var folder = new TempFolder();
        await using (var killed = await ServerProcess.StartAsync(folder["t.db"])) await killed.KillAsync();
        await Assert.That(File.Exists(RuntimeFile.PathOf(folder["t.db"]))).IsTrue();

        // What looks for a server finds none, and starts its own.
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["run", "--db", folder["t.db"], "--agent", "a=" + AgentScript.Write(folder, ""), "Hello"]);
        await Assert.That((exitCode, output)).IsEqualTo((0, "You said Hello\n"));
        await Assert.That(errors).Contains("was killed");

        await using (var killed = await ServerProcess.StartAsync(folder["t.db"])) await killed.KillAsync();
        await using var next = await ServerProcess.StartAsync(folder["t.db"]);
        await Deadline.UntilAsync(() => next.Errors.Contains("was killed", StringComparison.Ordinal), "the log tells of it");
        await Assert.That(RuntimeFile.Read(folder["t.db"])!.Pid).IsEqualTo(next.Id);
    }

    [Test]
    public async Task Run_finds_the_server_by_the_file()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        Directory.CreateSymbolicLink(folder["link"], folder.Path);
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["run", "--db", folder["link/t.db"], "--agent", "nobody", "Hello"]);
        // It has reached the server, which knows no such agent.
        await Assert.That(output + errors).Contains("nobody");
        await Assert.That(exitCode).IsEqualTo(1);
    }

    [Test]
    public async Task A_link_to_a_file_that_is_not_there_yet_is_followed()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["real"]);
        File.CreateSymbolicLink(folder["t.db"], folder["real/t.db"]);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await Assert.That(server.Database).IsEqualTo(folder["real/t.db"]);
    }

    private static async Task<string> PrepareAsync(TempFolder folder, string by)
    {
        Directory.CreateDirectory(folder["real"]);
        switch (by)
        {
            case "a relative path":
                return Path.GetRelativePath(Environment.CurrentDirectory, folder["real/t.db"]);
            case "a link to the directory":
                Directory.CreateSymbolicLink(folder["link"], folder["real"]);
                return folder["link/t.db"];
            case "a link to the file" or "links to both":
                await using (await ServerProcess.StartAsync(folder["real/t.db"]))
                {
                }

                Directory.CreateSymbolicLink(folder["link"], folder["real"]);
                File.CreateSymbolicLink(folder["f.db"], by == "links to both" ? folder["link/t.db"] : folder["real/t.db"]);
                return folder["f.db"];
            default:
                return folder["real/t.db"];
        }
    }
}
