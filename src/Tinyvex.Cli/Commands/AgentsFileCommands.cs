using System.CommandLine;
using System.Text;
using Tinyvex.Agents;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex agents add</c>, <c>remove</c> and <c>default</c>: change agents.json, which a running server reads again by itself.</summary>
internal static class AgentsFileCommands
{
    public static IEnumerable<Command> Create() => [Add(), Remove(), Default()];

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "What prompts call it." };
        var command = new Argument<string[]>("command")
        {
            Description = "Program and arguments, behind --; they are never given to a shell. A known agent has its own.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var variables = new Option<string[]>("--env") { Description = "A variable of its environment. May be repeated.", HelpName = "NAME=VALUE" };
        var title = new Option<string?>("--title") { Description = "What people read.", HelpName = "TEXT" };
        var isDefault = new Option<bool>("--default") { Description = "Prompts that name no agent go to it." };
        var (database, file) = (ServerArguments.Database(), FileOption());
        var verb = new Command("add", "Add an agent to agents.json. A server that runs takes it at once.")
        {
            name, command, variables, title, isDefault, database, file,
        };
        verb.SetAction(parsed =>
        {
            var (agent, words) = (CheckName(parsed.GetValue(name)!), parsed.GetValue(command) ?? []);
            var known = KnownAgents.Find(agent);
            if (words.Length == 0 && known is null)
            {
                var names = string.Join(", ", KnownAgents.All.Select(one => one.Name));
                throw Wrong($"'{agent}' is not a known agent ({names}); say what starts it: tinyvex agents add{Arguments(parsed.GetValue(database), parsed.GetValue(file))} {agent} -- COMMAND ARGS");
            }

            if (words.Any(string.IsNullOrWhiteSpace)) throw Wrong("the command has an empty word");
            var path = PathOf(parsed.GetValue(database), parsed.GetValue(file));
            new AgentsFileEditor(path).Add(
                agent, words.Length == 0 ? null : [Absolute(words[0]), .. words[1..].Select(AbsoluteFile)], ReadVariables(parsed.GetValue(variables) ?? []), parsed.GetValue(title),
                parsed.GetValue(isDefault));
            var isRunning = RuntimeFile.Find(ServerArguments.DatabaseOf(parsed.GetValue(database))) is not null;
            Console.WriteLine($"{path} has the agent '{agent}' now.{(isRunning ? " The server that runs knows it already." : "")}");
            var program = words.Length > 0 ? words[0] : known!.Program;
            if (program is not null && ExecutableSearch.Find(new AgentDefinition { Name = agent, Command = [program] }) is null)
            {
                var install = (words.Length == 0 ? known : KnownAgents.OfProgram(program))?.Install;
                var remedy = install is null ? "Until it is there, the agent cannot start." : "Install it with: " + install;
                Console.Error.WriteLine(Screen.Error.Yellow($"'{Printable.Line(program)}' was not found{(program.Contains('/', StringComparison.Ordinal) ? "" : " in PATH")}. {remedy}"));
            }

            return 0;
        });
        return verb;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("name") { Description = "The agent." };
        var (database, file) = (ServerArguments.Database(), FileOption());
        var verb = new Command("remove", "Take an agent out of agents.json. What it said stays, and known agents stay known.") { name, database, file };
        verb.SetAction(parsed =>
        {
            var path = PathOf(parsed.GetValue(database), parsed.GetValue(file));
            new AgentsFileEditor(path).Remove(parsed.GetValue(name)!);
            Console.WriteLine($"{path} has the agent '{parsed.GetValue(name)}' no more.");
            return 0;
        });
        return verb;
    }

    private static Command Default()
    {
        var name = new Argument<string>("name") { Description = "The agent, configured or known." };
        var (database, file) = (ServerArguments.Database(), FileOption());
        var verb = new Command("default", "Send prompts that name no agent to this one.") { name, database, file };
        verb.SetAction(parsed =>
        {
            var (path, agent) = (PathOf(parsed.GetValue(database), parsed.GetValue(file)), parsed.GetValue(name)!);
            IEnumerable<string> configured = File.Exists(path) && AgentsFile.Read(path).Agents is { } agents ? agents.Keys : [];
            var names = configured.Concat(KnownAgents.All.Select(known => known.Name)).Distinct().ToList();
            if (!names.Contains(agent)) throw Wrong($"there is no agent '{agent}'; there are: {string.Join(", ", names)}");
            new AgentsFileEditor(path).SetDefault(agent);
            Console.WriteLine($"Prompts that name no agent go to '{agent}' now.");
            return 0;
        });
        return verb;
    }

    private static Option<string?> FileOption() => new("--agents-file")
    {
        Description = "The file, where it is not agents.json beside the database.",
        HelpName = "FILE",
    };

    private static string PathOf(string? database, string? file) => file is null ? AgentsFile.PathOf(ServerArguments.DatabaseOf(database)) : Path.GetFullPath(file);

    /// <summary>What a command line needs that is to be about the same file.</summary>
    private static string Arguments(string? database, string? file) =>
        DataDirectory.Arguments(ServerArguments.DatabaseOf(database)) + (file is null ? "" : $" --agents-file {(file.Contains(' ', StringComparison.Ordinal) ? $"\"{file}\"" : file)}");

    /// <summary>A name is written on command lines and asked for with --agent NAME=COMMAND, so some characters would only be in its way.</summary>
    private static string CheckName(string name)
    {
        const int longest = 1_024;
        return name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= longest && !name.StartsWith('-')
            && !name.Any(c => c == '=' || char.IsWhiteSpace(c) || char.IsControl(c))
            ? name
            : throw Wrong($"'{Printable.Line(name)}' is no name for an agent: it has no blanks and no '=', and does not begin with '-'");
    }

    /// <summary>A path counts from here now, and from wherever the server was started later.</summary>
    private static string Absolute(string program) =>
        program.Contains('/', StringComparison.Ordinal) || program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Path.GetFullPath(program)
            : program;

    /// <summary>An agent works in the directory of its thread, where a script of here would not be found.</summary>
    private static string AbsoluteFile(string argument) => Path.HasExtension(argument) && File.Exists(argument) ? Path.GetFullPath(argument) : argument;

    private static Dictionary<string, string> ReadVariables(string[] given)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in given)
        {
            var at = one.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw Wrong($"--env is NAME=VALUE; '{Printable.Line(one)}' is not");
            variables[one[..at]] = one[(at + 1)..];
        }

        return variables;
    }

    private static StartupException Wrong(string message) => new(ExitCode.WrongUsage, message);
}
