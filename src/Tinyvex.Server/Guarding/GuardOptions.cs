using System.Globalization;

namespace Tinyvex.Guarding;

/// <summary>The arguments of <c>tinyvex guard</c>. Parsed by hand, because the guard is started for every agent.</summary>
internal sealed class GuardOptions
{
    internal const string Usage = "usage: tinyvex guard [--parent PID] [--grace-ms N] [--merge-output] -- COMMAND [ARGS...]";

    /// <summary>Long enough for an agent to write its last lines, short enough that a stop still feels immediate.</summary>
    internal const int DefaultGraceMs = 1000;

    /// <summary>A grace beyond a minute is a mistake in units, not a wish.</summary>
    internal const int MaxGraceMs = 60_000;

    private GuardOptions(string[] command, int? parentPid, int graceMs, bool mergeOutput)
    {
        Command = command;
        ParentPid = parentPid;
        GraceMs = graceMs;
        MergeOutput = mergeOutput;
    }

    /// <summary>The command and its arguments; never empty.</summary>
    internal string[] Command { get; }

    /// <summary>
    /// The process that started the guard. Only the starter can name it without a race: a guard whose parent died
    /// before its first instruction cannot tell its new parent from its old one.
    /// </summary>
    internal int? ParentPid { get; }

    /// <summary>Time between SIGTERM and SIGKILL when the guard is asked to stop while its parent lives.</summary>
    internal int GraceMs { get; }

    /// <summary>
    /// Whether the command's errors go where its output goes, so that both keep their order. Standard error is the guard's own then, and the last
    /// line on it names the signal that ended the command, where one did.
    /// </summary>
    internal bool MergeOutput { get; }

    internal static GuardOptions? Parse(string[] args, out string? error)
    {
        int? parentPid = null;
        var graceMs = DefaultGraceMs;
        var mergeOutput = false;
        error = null;

        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--" when i + 1 < args.Length:
                    return new GuardOptions(args[(i + 1)..], parentPid, graceMs, mergeOutput);
                case "--":
                    error = "no command after '--'";
                    return null;
                case "--parent" when TryNumber(args, ++i, out var pid) && pid > 0:
                    parentPid = pid;
                    break;
                case "--grace-ms" when TryNumber(args, ++i, out var ms) && ms <= MaxGraceMs:
                    graceMs = ms;
                    break;
                case "--merge-output":
                    mergeOutput = true;
                    break;
                case var other:
                    error = $"bad argument '{other}'";
                    return null;
            }
        }

        error = "no '--' before the command";
        return null;
    }

    private static bool TryNumber(string[] args, int index, out int number)
    {
        number = 0;
        return index < args.Length && int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
