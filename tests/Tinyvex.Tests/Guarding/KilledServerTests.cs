using Tinyvex.Guarding;
using TUnit.Core.Enums;

namespace Tinyvex.Tests.Guarding;

/// <summary>
/// The promise itself. A bash process stands for the server: it alone holds the other ends of the guard's pipes, and it
/// is killed with SIGKILL.
/// </summary>
[RunOn(OS.Linux)]
[NotInParallel(nameof(KilledServerTests))]
public class KilledServerTests
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    [Test, Timeout(60_000)]
    [Arguments(nameof(Families.IgnoresTerm))]
    [Arguments(nameof(Families.OwnSession))]
    [Arguments(nameof(Families.Daemon))]
    [Arguments(nameof(Families.Stopped))]
    [Arguments(nameof(Families.Runner))]
    [Arguments(nameof(Families.SessionRunner))]
    [Arguments(nameof(Families.Respawner))]
    [Arguments(nameof(Families.DeepChain))]
    public async Task Killing_the_server_kills_every_descendant(string family, CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        await KillServerAsync(stage, OverPipes(Families.ByName(family)), family);
    }

    [Test, Timeout(60_000)]
    public async Task Killing_the_server_kills_all_kinds_of_descendants_together(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        string[] all =
        [
            nameof(Families.IgnoresTerm), nameof(Families.OwnSession), nameof(Families.Daemon), nameof(Families.Stopped),
            nameof(Families.Runner), nameof(Families.Respawner), nameof(Families.DeepChain),
        ];
        await KillServerAsync(stage, OverPipes(string.Concat(all.Select(Families.ByName))), all);
    }

    [Test, Timeout(60_000)]
    public async Task The_death_of_the_server_is_seen_without_any_pipe(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var script = $$"""
            cat > $STAGE/agent.sh <<'END'
            {{Families.IgnoresTerm}}
            sleep 30
            END
            "$GUARD" guard --parent $$ -- bash $STAGE/agent.sh < /dev/null > /dev/null 2> /dev/null &
            wait
            """;
        await KillServerAsync(stage, script, nameof(Families.IgnoresTerm));
    }

    [Test, Timeout(60_000)]
    public async Task Closing_the_errors_ends_the_tree_while_the_server_lives_on(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(["bash", "-c", Families.IgnoresTerm + "wait"]);
        await stage.ReadyAsync(nameof(Families.IgnoresTerm));

        guard.StandardError.Close();

        await Assert.That(await stage.GoneAsync()).IsLessThan(Promise);
    }

    [Test, Timeout(60_000)]
    public async Task The_guard_does_not_go_by_the_name_of_the_server(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(["bash", "-c", "echo $$ > $STAGE/agent; read line"]);
        await stage.ReadyAsync("agent");

        // What pkill and killall compare, and thus what "pkill -9 tinyvex" must not find.
        await Assert.That(await File.ReadAllTextAsync($"/proc/{guard.Id}/comm", cancellation)).IsEqualTo("agent-guard\n");
    }

    [Test, Timeout(60_000)]
    public async Task A_guard_that_is_not_the_child_of_the_named_parent_starts_nothing(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var late = stage.StartScript("""
            "$GUARD" guard --parent 1 -- bash -c 'echo $$ > $STAGE/started'; echo $?
            """);

        await Assert.That(await late.StandardOutput.ReadToEndAsync(cancellation)).IsEqualTo("125\n");
    }

    /// <summary>
    /// A coprocess is the one way in which bash holds both pipes of a child itself. The agent sleeps and does not wait,
    /// since some of the families are no children of it, and the end of the agent is another case.
    /// </summary>
    private static string OverPipes(string families) => $$"""
        cat > $STAGE/agent.sh <<'END'
        {{families}}
        sleep 30
        END
        coproc { exec "$GUARD" guard --parent $$ -- bash $STAGE/agent.sh; }
        wait
        """;

    private static async Task KillServerAsync(GuardStage stage, string script, params string[] families)
    {
        var server = stage.StartScript(script);
        foreach (var family in families)
            await stage.ReadyAsync(family);

        // Server, guard, agent and its sleep; a look at the process table may miss a descendant that runs.
        await Assert.That(stage.Alive().Count).IsGreaterThanOrEqualTo(4);

        _ = LibC.Kill(server.Id, LibC.SigKill);

        await Assert.That(await stage.GoneAsync()).IsLessThan(Promise);
    }
}
