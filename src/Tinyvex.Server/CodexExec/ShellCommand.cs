namespace Tinyvex.CodexExec;

/// <summary>Codex runs each command through a shell; what a person wants to read is the command.</summary>
internal static class ShellCommand
{
    /// <summary>What stands in <c>/bin/bash -lc '…'</c>; anything else as it is.</summary>
    public static string Inner(string command)
    {
        var at = command.IndexOf(" -lc ", StringComparison.Ordinal);
        if (at < 0) at = command.IndexOf(" -c ", StringComparison.Ordinal);
        if (at <= 0 || Path.GetFileName(command[..at]) is not ("bash" or "sh" or "zsh" or "dash")) return command;
        var inner = command[(command.IndexOf('c', at) + 1)..].Trim();
        return inner switch
        {
            ['\'', .. var single, '\''] => single.Replace("'\\''", "'", StringComparison.Ordinal),
            ['"', .. var quoted, '"'] => quoted.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal),
            _ => inner,
        };
    }
}
