using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Hosting;

public class LockAndPathTests
{
    [Test]
    public async Task A_lock_is_one_persons_until_it_is_given_up()
    {
        using var folder = new TempFolder();
        using (var held = InstanceLock.TryTake(folder["t.db"])!)
        {
            held.Keep = true;
            await Assert.That(InstanceLock.TryTake(folder["t.db"])).IsNull();
            await Assert.That(InstanceLock.IsTaken(folder["t.db"])).IsTrue();
        }

        await Assert.That(InstanceLock.IsTaken(folder["t.db"])).IsFalse();
        await Assert.That(Permissions.Of(InstanceLock.PathOf(folder["t.db"]))).IsEqualTo("600");
    }

    [Test]
    public async Task A_lock_that_nobody_wants_kept_leaves_no_file_unless_it_was_there()
    {
        using var folder = new TempFolder();
        InstanceLock.TryTake(folder["t.db"])!.Dispose();
        await Assert.That(Directory.GetFiles(folder.Path)).IsEmpty();
        await File.WriteAllTextAsync(InstanceLock.PathOf(folder["t.db"]), "");
        InstanceLock.TryTake(folder["t.db"])!.Dispose();
        await Assert.That(Directory.GetFiles(folder.Path).Length).IsEqualTo(1);
    }

    [Test]
    public async Task A_runtime_file_comes_back_as_it_was_written_over_an_older_one()
    {
        using var folder = new TempFolder();
        var file = new RuntimeFile { Url = "http://127.0.0.1:1", Ws = "ws://127.0.0.1:1/ws", Token = "t", Pid = 2, StartedAt = 3, StoreId = "s" };
        file.Write(folder["t.db"]);
        (file with { Pid = 4 }).Write(folder["t.db"]);
        await Assert.That(RuntimeFile.Read(folder["t.db"])).IsEqualTo(file with { Pid = 4 });
        await Assert.That(Directory.GetFiles(folder.Path).Length).IsEqualTo(1);
        await Assert.That(Permissions.Of(RuntimeFile.PathOf(folder["t.db"]))).IsEqualTo("600");
        await Assert.That(RuntimeFile.Find(folder["t.db"])).IsNull();
    }

    [Test]
    [Arguments("")]
    [Arguments("{")]
    [Arguments("[]")]
    [Arguments("{\"url\":\"x\"}")]
    public async Task A_runtime_file_that_is_none_says_nothing(string content)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(RuntimeFile.PathOf(folder["t.db"]), content);
        await Assert.That(RuntimeFile.Read(folder["t.db"])).IsNull();
    }

    [Test]
    public async Task A_runtime_file_of_a_newer_server_is_understood()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(
            RuntimeFile.PathOf(folder["t.db"]), """{"url":"u","ws":"w","token":"t","pid":1,"startedAt":2,"storeId":"s","fromTheFuture":true}""");
        await Assert.That(RuntimeFile.Read(folder["t.db"])!.Url).IsEqualTo("u");
    }

    [Test]
    public async Task To_look_for_a_path_makes_nothing_and_to_prepare_it_makes_its_directory()
    {
        using var folder = new TempFolder();
        var path = folder["a/b/t.db"];
        await Assert.That(DataDirectory.Resolve(path)).IsEqualTo(path);
        await Assert.That(Directory.Exists(folder["a"])).IsFalse();
        await Assert.That(DataDirectory.Prepare(path)).IsEqualTo(path);
        await Assert.That(Permissions.Of(folder["a/b"])).IsEqualTo("700");
    }

    [Test]
    public async Task Links_that_lead_in_a_circle_are_refused()
    {
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder["a"], folder["b"]);
        Directory.CreateSymbolicLink(folder["b"], folder["a"]);
        File.CreateSymbolicLink(folder["t.db"], folder["t.db"]);
        foreach (var path in (string[])[folder["a/t.db"], folder["t.db"]])
        {
            await Assert.That(Assert.Throws<StartupException>(() => DataDirectory.Prepare(path)).ExitCode).IsEqualTo(ExitCode.DatabaseUnusable);
        }
    }
}
