using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tinyvex.Agents;

/// <summary>Starts a program under a guard: an agent, or what an agent runs in a terminal.</summary>
internal static class GuardedProcess
{
    /// <summary>What a program gets to end by itself, before the guard ends it.</summary>
    private const int GraceMs = 500;

    /// <param name="environment">Variables on top of the user's own, from the least to the most important.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Start(
        TinyvexOptions options, string program, IEnumerable<string> arguments, string workingDirectory, IEnumerable<KeyValuePair<string, string>> environment,
        bool mergeOutput = false)
    {
        var start = new ProcessStartInfo(options.GuardCommand[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = workingDirectory,
        };
        string[] guard = ["--parent", Text(Environment.ProcessId), "--grace-ms", Text(GraceMs), .. mergeOutput ? ["--merge-output"] : (string[])[], "--"];
        foreach (var argument in options.GuardCommand.Skip(1).Concat(guard).Append(program).Concat(arguments)) start.ArgumentList.Add(argument);

        // The user's environment is the program's; what is ours, the token above all, is not.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList()) start.Environment.Remove(name);

        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("no process was started");
    }

    private static bool IsOurs(string name) => name == SocketThreads.Variable || name.StartsWith("TINYVEX_", StringComparison.OrdinalIgnoreCase);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
