using Tinyvex.Admission;

namespace Tinyvex.Tests.Connections;

public class OneTimeCodesTests
{
    private static readonly TinyvexOptions Options = new() { DatabasePath = "" };

    [Test]
    public async Task A_code_is_taken_once_and_leaves_the_others_alone()
    {
        var codes = new OneTimeCodes(Options, new SetClock());
        var (first, second) = (codes.Make().Code, codes.Make().Code);

        await Assert.That(first.Length).IsGreaterThanOrEqualTo(22);
        await Assert.That(second).IsNotEqualTo(first);
        await Assert.That(Take(codes, first)).IsTrue();
        await Assert.That(Take(codes, first)).IsFalse();
        await Assert.That(Take(codes, second)).IsTrue();
    }

    [Test]
    public async Task It_is_taken_up_to_its_end_and_not_at_it()
    {
        var clock = new SetClock();
        var codes = new OneTimeCodes(Options, clock);
        var (early, late) = (codes.Make(), codes.Make());
        await Assert.That(early.ExpiresAt).IsEqualTo(clock.GetUtcNow() + TimeSpan.FromMinutes(5));

        clock.Pass(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        await Assert.That(Take(codes, early.Code)).IsTrue();
        clock.Pass(TimeSpan.FromMilliseconds(1));
        await Assert.That(Take(codes, late.Code)).IsFalse();
    }

    [Test]
    public async Task The_oldest_goes_where_there_are_too_many()
    {
        var codes = new OneTimeCodes(Options with { MaxOneTimeCodes = 3 }, new SetClock());
        string[] made = [.. Enumerable.Range(0, 4).Select(_ => codes.Make().Code)];

        await Assert.That(made.Select(code => Take(codes, code))).IsEquivalentTo([false, true, true, true]);
    }

    [Test]
    public async Task One_that_expired_takes_no_place()
    {
        var clock = new SetClock();
        var codes = new OneTimeCodes(Options with { MaxOneTimeCodes = 2 }, clock);
        codes.Make();
        clock.Pass(TimeSpan.FromMinutes(3));
        var second = codes.Make().Code;
        clock.Pass(TimeSpan.FromMinutes(3));
        codes.Make();

        await Assert.That(Take(codes, second)).IsTrue();
    }

    [Test]
    public async Task What_is_nearly_a_code_or_beside_another_is_none()
    {
        var codes = new OneTimeCodes(Options, new SetClock());
        var code = codes.Make().Code;
        var other = (char)(code[0] == 'a' ? 'b' : 'a') + code[1..];
        List<string>[] offers =
        [
            [], ["tinyvex.v1"], ["tinyvex.code."], [code], ["tinyvex.token." + code], ["TINYVEX.CODE." + code], [$"tinyvex.code.{other}"],
            [$"tinyvex.code.{code}x"], [$"tinyvex.code.{code[..^1]}"], [$"tinyvex.code.{other}", $"tinyvex.code.{code}"],
        ];
        foreach (var offer in offers) await Assert.That(codes.TryTake(offer)).IsFalse().Because(string.Join(", ", offer));

        await Assert.That(codes.TryTake(["tinyvex.v1", "tinyvex.code." + code])).IsTrue();
    }

    [Test]
    public async Task Of_many_who_show_it_at_once_one_is_let_in()
    {
        var codes = new OneTimeCodes(Options, new SetClock());
        var code = codes.Make().Code;
        var taken = 0;
        Parallel.For(0, 100, _ =>
        {
            if (Take(codes, code)) Interlocked.Increment(ref taken);
        });
        await Assert.That(taken).IsEqualTo(1);
    }

    private static bool Take(OneTimeCodes codes, string code) => codes.TryTake(["tinyvex.v1", OneTimeCodes.SubprotocolPrefix + code]);

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
