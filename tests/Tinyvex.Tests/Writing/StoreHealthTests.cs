using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Writing;

public class StoreHealthTests
{
    [Test]
    [Arguments(raw.SQLITE_FULL)]
    [Arguments(raw.SQLITE_IOERR_SHMSIZE)]
    [Arguments(raw.SQLITE_IOERR_WRITE)]
    [Arguments(raw.SQLITE_IOERR_FSYNC)]
    [Arguments(raw.SQLITE_BUSY)]
    [Arguments(raw.SQLITE_READONLY)]
    [Arguments(raw.SQLITE_READONLY_DBMOVED)]
    [Arguments(raw.SQLITE_CANTOPEN)]
    public async Task What_keeps_every_write_out_passes(int code)
    {
        using var health = new StoreHealth(TimeProvider.System, NullLogger.Instance, () => { });
        health.Failed(new StoreFailure(code, "so it is"));
        await Assert.That(health.Trouble!.Code).IsEqualTo(code);
        var waiting = health.UntilWellAsync();
        await Assert.That(waiting.IsCompleted).IsFalse();
        health.Succeeded();
        await waiting;
        await Assert.That(health.Trouble).IsNull();
    }

    [Test]
    [Arguments(raw.SQLITE_CORRUPT)]
    [Arguments(raw.SQLITE_NOTADB)]
    [Arguments(raw.SQLITE_IOERR_READ)]
    public async Task Damage_holds_nobody_up_and_is_told_until_the_end(int code)
    {
        using var health = new StoreHealth(TimeProvider.System, NullLogger.Instance, () => { });
        health.Failed(new StoreFailure(code, "so it is"));
        await Assert.That(health.UntilWellAsync().IsCompleted).IsTrue();
        health.Succeeded();
        await Assert.That(health.Trouble).IsNull();
        await Assert.That(health.Damage!.Cause).IsEqualTo($"the database is damaged (SQLite {code}): stop the server and restore a backup");
    }

    [Test]
    [Arguments(raw.SQLITE_CONSTRAINT)]
    [Arguments(raw.SQLITE_TOOBIG)]
    [Arguments(raw.SQLITE_ERROR)]
    public async Task The_fault_of_one_write_is_no_trouble(int code)
    {
        using var health = new StoreHealth(TimeProvider.System, NullLogger.Instance, () => { });
        health.Failed(new StoreFailure(code, "so it is"));
        await Assert.That(health.Trouble ?? health.Damage).IsNull();
    }
}
