using System.Net;
using Microsoft.Extensions.Logging;
using Tinyvex.Admission;

namespace Tinyvex.Tests.Connections;

public class TokenFailuresTests
{
    private static readonly IPAddress Elsewhere = IPAddress.Parse("192.0.2.1");

    [Test]
    public async Task Beyond_the_number_of_a_minute_they_are_turned_away_and_after_it_heard_again()
    {
        var (clock, log) = (new SetClock(), new CountingLog());
        var failures = new TokenFailures(new TinyvexOptions { DatabasePath = "", MaxFailedTokens = 3 }, clock, log);
        for (var i = 0; i < 3; i++) await Assert.That(failures.Count(IPAddress.Loopback)).IsNull();

        clock.Pass(TimeSpan.FromSeconds(50));
        for (var i = 0; i < 1_000; i++) await Assert.That(failures.Count(IPAddress.Loopback)).IsEqualTo(TimeSpan.FromSeconds(10));
        await Assert.That((failures.Refused, failures.TurnedAway, log.Lines)).IsEqualTo((3, 1_000, 1));

        clock.Pass(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 3; i++) await Assert.That(failures.Count(IPAddress.Loopback)).IsNull();
        for (var i = 0; i < 10; i++) await Assert.That(failures.Count(IPAddress.Loopback)).IsEqualTo(TimeSpan.FromMinutes(1));
        await Assert.That((failures.Refused, failures.TurnedAway, log.Lines)).IsEqualTo((6, 1_010, 2));
    }

    [Test]
    public async Task One_address_does_not_use_up_what_is_for_all()
    {
        var failures = new TokenFailures(new TinyvexOptions { DatabasePath = "", MaxFailedTokens = 5, MaxFailedTokensPerAddress = 2 }, new SetClock(), new CountingLog());
        for (var i = 0; i < 100; i++) failures.Count(Elsewhere);
        await Assert.That((failures.Refused, failures.TurnedAway)).IsEqualTo((2, 98));

        await Assert.That(failures.Count(IPAddress.Parse("192.0.2.2"))).IsNull();
        // All on this machine share theirs.
        await Assert.That(failures.Count(IPAddress.IPv6Loopback)).IsNull();
        await Assert.That(failures.Count(IPAddress.Loopback)).IsNull();
        await Assert.That(failures.Count(IPAddress.Loopback)).IsNotNull();
        await Assert.That(failures.Count(IPAddress.Parse("192.0.2.3"))).IsNotNull();
    }

    [Test]
    public async Task Any_number_of_addresses_costs_no_more_memory_than_a_minute_hears()
    {
        var failures = new TokenFailures(new TinyvexOptions { DatabasePath = "", MaxFailedTokens = 10 }, new SetClock(), new CountingLog());
        for (var i = 0; i < 1_000; i++) failures.Count(new IPAddress(0x0200_000a + ((long)i << 8)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        IPAddress[] addresses = [.. Enumerable.Range(1_000, 10_000).Select(i => new IPAddress(0x0200_000a + ((long)i << 8)))];
        var made = GC.GetAllocatedBytesForCurrentThread() - before;

        foreach (var address in addresses) failures.Count(address);

        await Assert.That(GC.GetAllocatedBytesForCurrentThread() - before - made).IsLessThan(10_000);
        await Assert.That(failures.Refused).IsEqualTo(10);
    }

    private sealed class SetClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }

    private sealed class CountingLog : ILogger
    {
        public int Lines { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines++;
    }
}
