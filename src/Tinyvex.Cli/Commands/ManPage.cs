using System.CommandLine;
using System.CommandLine.Help;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary>The manual page in roff, made from the command line itself, so that it cannot say anything else.</summary>
internal sealed class ManPage(TextWriter output)
{
    private static readonly (string Name, string What)[] Files =
    [
        ("$XDG_DATA_HOME/tinyvex/tinyvex.db", "The database on Linux; XDG_DATA_HOME is ~/.local/share where it is not set. On macOS ~/Library/Application Support/tinyvex/tinyvex.db, on Windows %LOCALAPPDATA%\\tinyvex\\tinyvex.db."),
        ("tinyvex.db-wal, tinyvex.db-shm", "SQLite's log beside it while a server runs. They belong to the database; use tinyvex backup to copy it."),
        ("tinyvex.db-server.json", "Address and token of the running server, readable by its owner alone."),
        ("tinyvex.db-lock", "Keeps a second server off the database."),
        ("agents.json", "Agents, beside the database: {\"default\":\"codex\",\"agents\":{\"codex\":{\"command\":[\"codex-acp\"],\"env\":{}}}}."),
        ("tinyvex.db.backup-TIME", "A database of the original Tinyvex, or of an earlier version, as it was before it was upgraded."),
        ("tinyvex.db.before-restore-TIME", "The database as it was before tinyvex restore."),
    ];

    private static readonly (string Name, string What)[] Variables =
    [
        ("TINYVEX_TOKEN", "The token of a server that is started, where no --token-file is given."),
        ("NO_COLOR", "Where it is set to anything, nothing is coloured. Colours and progress are for terminals in any case."),
        ("FORCE_COLOR", "Where it is set to anything, all is coloured, terminal or not, unless NO_COLOR is set."),
        ("TERM", "Where it is dumb, likewise."),
        ("XDG_DATA_HOME", "Where the database is, on Linux."),
    ];

    private static readonly (string Code, string What)[] ExitCodes =
    [
        ("0", "Done. For a server: it was asked to stop. For stop: no server runs."),
        ("1", "It failed; for status: no server runs."),
        ("2", "An argument, the token or the agents file is wrong, or a file is in the way."),
        ("3", "A server holds the database."),
        ("4", "The database, or the backup, cannot be used."),
        ("5", "The address cannot be used."),
        ("6", "For run: the agent ended its turn early (refusal, max_tokens, max_turn_requests)."),
        ("130", "Ctrl-C ended it before it was done, or the turn was cancelled."),
        ("129, 141, 143", "For run: the terminal was closed, nobody read its output any more, or SIGTERM ended it."),
    ];

    public void Write(Command root)
    {
        output.WriteLine($".TH TINYVEX 1 \"\" \"tinyvex {Text(TinyvexVersion.Text)}\" \"User Commands\"");
        Section("NAME");
        output.WriteLine("tinyvex \\- run AI coding agents, store and stream what they do");
        Section("SYNOPSIS");
        foreach (var guide in VerbGuide.All)
        {
            if (guide != VerbGuide.All[0]) output.WriteLine(".br");
            output.WriteLine($".B tinyvex {guide.Verb}");
            output.WriteLine(Text(string.Join(' ', Verb(root, guide).Arguments.Select(Placeholder).Append("[options]"))));
        }

        Section("DESCRIPTION");
        Paragraphs(root.Description!);
        Section("VERBS");
        foreach (var guide in VerbGuide.All) WriteVerb(Verb(root, guide), guide);
        Section("OPTIONS OF ALL VERBS");
        Tagged("--help", "Say what a verb does, with its options and examples.");
        Tagged("--version", "Say which version this is. Of tinyvex alone.");
        Section("EXIT STATUS");
        foreach (var (code, what) in ExitCodes) Tagged(code, what);
        Section("ENVIRONMENT");
        foreach (var (name, what) in Variables) Tagged(name, what);
        Section("FILES");
        foreach (var (name, what) in Files) Tagged(name, what);
        Section("EXAMPLES");
        foreach (var (line, what) in VerbGuide.All.SelectMany(guide => guide.Examples))
        {
            output.WriteLine(".TP");
            output.WriteLine($".B \"{Text(line).Replace("\"", "\\(dq", StringComparison.Ordinal)}\"");
            Line(what);
        }
    }

    private void WriteVerb(Command verb, VerbGuide guide)
    {
        output.WriteLine($".SS \"tinyvex {guide.Verb}\"");
        Describe(verb);
        foreach (var part in verb.Subcommands)
        {
            output.WriteLine($".SS \"tinyvex {guide.Verb} {part.Name}\"");
            Describe(part);
        }
    }

    private void Describe(Command verb)
    {
        Paragraphs(verb.Description!);
        foreach (var argument in verb.Arguments) Tagged(Placeholder(argument), argument.Description ?? "");
        foreach (var option in verb.Options.Where(option => option is not HelpOption && !option.Hidden))
        {
            Tagged(option.HelpName is null ? option.Name : $"{option.Name} {option.HelpName}", option.Description ?? "");
        }
    }

    private static Command Verb(Command root, VerbGuide guide) => root.Subcommands.Single(verb => verb.Name == guide.Verb);

    private static string Placeholder(Argument argument) => argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name;

    private void Section(string name) => output.WriteLine($".SH \"{name}\"");

    private void Tagged(string tag, string what)
    {
        output.WriteLine(".TP");
        output.WriteLine($".B \"{Text(tag).Replace("\"", "\\(dq", StringComparison.Ordinal)}\"");
        Line(what);
    }

    /// <summary>Indented lines stay as they are; an empty line begins a paragraph.</summary>
    private void Paragraphs(string text)
    {
        var asIs = false;
        foreach (var line in text.Split('\n'))
        {
            var indented = line.StartsWith(' ');
            if (indented != asIs) output.WriteLine(indented ? ".nf" : ".fi");
            asIs = indented;
            if (line.Length == 0) output.WriteLine(".PP");
            else if (indented) output.WriteLine(Text(line.Trim()));
            else Line(line.Trim());
        }

        if (asIs) output.WriteLine(".fi");
    }

    /// <summary>Breaks text into lines as short as roff likes them.</summary>
    private void Line(string text)
    {
        const int longest = 78;
        var line = "";
        foreach (var word in text.Split(' ').Select(Text))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > longest)
            {
                output.WriteLine(line);
                line = "";
            }

            // At the beginning of a line these would be requests.
            line += line.Length > 0 ? " " + word : word.StartsWith('.') || word.StartsWith('\'') ? "\\&" + word : word;
        }

        output.WriteLine(line);
    }

    private static string Text(string text) => text
        .Replace("\\", "\\e", StringComparison.Ordinal)
        .Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("~", "\\(ti", StringComparison.Ordinal)
        .Replace("^", "\\(ha", StringComparison.Ordinal)
        .Replace("`", "\\(ga", StringComparison.Ordinal);
}
