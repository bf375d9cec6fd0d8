namespace Tinyvex.Agents;

/// <summary>
/// Finds a program the way the system does: by its path, or by its name in <c>PATH</c>. The answer is a full path, since the agent
/// starts in the thread's directory, and a relative one would mean another file there.
/// </summary>
internal static class ExecutableSearch
{
    public static string? Find(AgentDefinition agent) =>
        Find(agent.Command[0], agent.Environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <param name="path">Directories as in <c>PATH</c>.</param>
    /// <param name="from">Where a relative path begins; null for where this program runs.</param>
    public static string? Find(string program, string path, string? from = null)
    {
        if (program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || program.Contains('/', StringComparison.Ordinal))
        {
            program = from is null ? program : Path.Combine(from, program);
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        }

        string[] suffixes = OperatingSystem.IsWindows()
            ? ["", .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".EXE;.CMD;.BAT").Split(';')]
            : [""];
        foreach (var directory in path.Split(Path.PathSeparator))
        {
            if (directory.Length == 0) continue;
            foreach (var suffix in suffixes)
            {
                var file = Path.Combine(directory, program + suffix);
                if (File.Exists(file) && IsExecutable(file)) return Path.GetFullPath(file);
            }
        }

        return null;
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode any = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & any) != 0;
    }
}
