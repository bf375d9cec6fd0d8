namespace Tinyvex.Tests.Guarding;

/// <summary>
/// Bash commands for the agent to run, each leaving one awkward descendant behind that writes its id into $STAGE/name.
/// All of them end by themselves in half a minute, whatever the guard does.
/// </summary>
internal static class Families
{
    internal const string IgnoresTerm =
        """bash -c 'trap "" TERM; echo $$ > $STAGE/IgnoresTerm; for i in {1..30}; do sleep 1; done' & """;

    internal const string OwnSession =
        """setsid bash -c 'trap "" TERM; echo $$ > $STAGE/OwnSession; for i in {1..30}; do sleep 1; done' & """;

    internal const string Daemon = """
        perl -MPOSIX -e 'fork and exit; setsid; fork and exit; $SIG{TERM} = "IGNORE";
          open F, ">$ENV{STAGE}/Daemon"; print F "$$\n"; close F; select undef, undef, undef, 30'

        """;

    internal const string Stopped = """bash -c 'echo $$ > $STAGE/Stopped; kill -STOP $$; sleep 30' & """;

    /// <summary>Has a new process id every moment, and its parent is always dead.</summary>
    internal const string Runner = """
        perl -e '$SIG{TERM} = "IGNORE"; open F, ">$ENV{STAGE}/Runner"; print F "$$\n"; close F;
          $end = time + 30; while (time < $end) { fork and exit }' &

        """;

    /// <summary>As before, and each generation is in a session of its own.</summary>
    internal const string SessionRunner = """
        perl -MPOSIX -e '$SIG{TERM} = "IGNORE"; open F, ">$ENV{STAGE}/SessionRunner"; print F "$$\n"; close F;
          $end = time + 30; while (time < $end) { fork and exit; setsid }' &

        """;

    /// <summary>Starts a new child whenever one dies, a few at a time.</summary>
    internal const string Respawner = """
        perl -e '$SIG{TERM} = "IGNORE"; open F, ">$ENV{STAGE}/Respawner"; print F "$$\n"; close F;
          $end = time + 30; $n = 0;
          while (time < $end) { if ($n >= 8) { wait; $n--; } $n++; fork or exec "setsid", "sleep", "0.2" }' &

        """;

    /// <summary>A chain of processes, each waiting for the next.</summary>
    internal const string DeepChain = """
        bash -c 'descend() { if (($1)); then ( descend $(($1 - 1)); : ); else echo $BASHPID > $STAGE/DeepChain; sleep 30; fi; }
          trap "" TERM; descend 40' &

        """;

    internal static string ByName(string name) => name switch
    {
        nameof(IgnoresTerm) => IgnoresTerm,
        nameof(OwnSession) => OwnSession,
        nameof(Daemon) => Daemon,
        nameof(Stopped) => Stopped,
        nameof(Runner) => Runner,
        nameof(SessionRunner) => SessionRunner,
        nameof(Respawner) => Respawner,
        nameof(DeepChain) => DeepChain,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such family"),
    };
}
