using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Agents;

namespace Tinyvex.Cli.Commands;

/// <summary>Which agent <c>tinyvex acp</c> starts, and what its threads call it.</summary>
internal static class ProxyArguments
{
    /// <param name="given">What <c>--agent</c> says: a name, or a name and a command.</param>
    /// <param name="command">What stands behind <c>--</c>.</param>
    /// <param name="database">The file, or null for this user's.</param>
    /// <exception cref="StartupException">It cannot be told; exit code 2.</exception>
    public static (AgentDefinition Agent, TinyvexOptions Options) Read(string? given, string[] command, string? database)
    {
        if (command is [['-', ..] and var unknown, ..]) throw Wrong($"there is no option {unknown}; the agent's command stands behind --");
        var isDefined = given?.Contains('=', StringComparison.Ordinal) == true;
        if (isDefined && command.Length > 0) throw Wrong("the agent has two commands: give --agent NAME=\"COMMAND ARGS\" or --agent NAME -- COMMAND ARGS");
        var options = ServerArguments.ForCommand(database, isDefined ? [given!] : []);
        if (command.Length == 0) return (Configured(isDefined ? ServerArguments.ReadAgent(given!).Name : given, options), options);

        // One that is configured with this command has a name already, under which a prompt from elsewhere finds it.
        var configured = new ConfiguredAgents(options, NullLogger.Instance).Read().Agents.Values;
        var same = configured.FirstOrDefault(one => one.Command.SequenceEqual(command) && (given ?? one.Name) == one.Name);
        if (same is not null) return (same, options);
        var name = NameOf(command);
        var agent = new AgentDefinition { Name = given ?? KnownAgents.OfProgram(name)?.Name ?? name, Command = command };
        return (agent, options with { Agents = new Dictionary<string, AgentDefinition>(options.Agents, StringComparer.Ordinal) { [agent.Name] = agent } });
    }

    private static AgentDefinition Configured(string? name, TinyvexOptions options)
    {
        var catalog = new AgentCatalog(options, NullLogger.Instance);
        try
        {
            return catalog.Get(catalog.Choose(name, null));
        }
        catch (TinyvexException unavailable)
        {
            throw Wrong($"{unavailable.Message}. Or give its command: tinyvex acp -- COMMAND ARGS");
        }
    }

    /// <summary>What a person would call it: the package that npx or another runner starts, else the program or the script.</summary>
    private static string NameOf(string[] command)
    {
        var program = Path.GetFileNameWithoutExtension(command[0]);
        var started = program is "npx" or "bunx" or "pnpx" or "uvx" or "node" or "bun" or "deno" or "python" or "python3"
            ? command.Skip(1).FirstOrDefault(word => !word.StartsWith('-') && word is not ("run" or "x"))
            : null;
        if (started is null) return program;
        // A package may stand in a scope and have a version behind it, a script in a folder and have a suffix.
        var last = started.Split('/', '\\')[^1];
        var version = last.Length > 1 ? last.IndexOf('@', 1) : -1;
        var name = version < 0 ? last : last[..version];
        return Path.GetExtension(name) is ".js" or ".mjs" or ".cjs" or ".ts" or ".py" ? Path.GetFileNameWithoutExtension(name) : name;
    }

    private static StartupException Wrong(string message) => new(ExitCode.WrongUsage, message);
}
