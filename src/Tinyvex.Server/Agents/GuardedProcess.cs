using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tinyvex.Agents;

/// <summary>Starts a program under a guard: an agent, or what an agent runs in a terminal.</summary>
internal static class GuardedProcess
{
    /// <summary>What a program gets to end by itself, before the guard ends it.</summary>
    private const int GraceMs = 500;

    /// <param name="agent">Whose environment the program gets.</param>
    /// <param name="more">Variables on top of that.</param>
    /// <param name="mergeOutput">Whether its errors go where its output goes.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Start(
        TinyvexOptions options, AgentDefinition agent, string program, IEnumerable<string> arguments, string workingDirectory,
        IEnumerable<KeyValuePair<string, string>>? more = null, bool mergeOutput = false)
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

        AgentEnvironment.Prepare(start.Environment, agent);
        foreach (var (name, value) in more ?? []) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("no process was started");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
