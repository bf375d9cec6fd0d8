using Tinyvex.Replaying;

namespace Tinyvex.Tests.Replaying;

public class ReplaySpeedTests
{
    [Test]
    [Arguments("recorded", 1000)]
    [Arguments("max", 0)]
    [Arguments("2", 500)]
    [Arguments("0.5", 2000)]
    public async Task A_speed_divides_time(string text, int milliseconds)
    {
        await Assert.That(ReplaySpeed.TryParse(text, out var speed)).IsTrue();
        await Assert.That(speed.Scale(TimeSpan.FromSeconds(1))).IsEqualTo(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Test]
    [Arguments("")]
    [Arguments("0")]
    [Arguments("-1")]
    [Arguments("fast")]
    [Arguments("NaN")]
    [Arguments("1e3")]
    [Arguments("1,5")]
    public async Task Anything_else_is_no_speed(string text)
    {
        await Assert.That(ReplaySpeed.TryParse(text, out _)).IsFalse();
    }
}
