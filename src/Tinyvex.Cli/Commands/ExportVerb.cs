using System.CommandLine;
using System.Text.Json;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Cli.Transfers;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex export</c>: a conversation as a file of its own.</summary>
internal static class ExportVerb
{
    public static Command Create()
    {
        var thread = new Argument<string?>("thread") { Description = $"A thread, {CommonOptions.ThreadNames}.", HelpName = "THREAD", Arity = ArgumentArity.ZeroOrOne };
        UnknownOptions.Refuse(thread);
        var format = new Option<string>("--format")
        {
            Description = "markdown: a document to read. json: all rows. acp: a recording of what client and agent said, for tinyvex replay and others. The last two can be imported.",
            HelpName = "markdown|json|acp",
            DefaultValueFactory = _ => "markdown",
        };
        format.AcceptOnlyFromAmong("markdown", "json", "acp");
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; with --all the folder. Without it, stdout.", HelpName = "FILE" };
        var all = new Option<bool>("--all") { Description = "Every thread, archived ones too, each into a file of the folder." };
        var force = new Option<bool>("--force") { Description = "Replace files where there are some." };
        var database = ServerArguments.Database();
        var verb = new Command("export", """
            Write a thread, whole, into a file. A running server goes on meanwhile. 'tinyvex import' brings it
            into another database.
            """)
        {
            thread,
            format,
            output,
            all,
            force,
            database,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(thread) is not null) result.AddError(result.GetValue(all) ? "name a thread, or say --all, not both" : "name a thread, such as last, or say --all");
            else if (result.GetValue(all) && result.GetValue(output) is null) result.AddError("--all needs --output FOLDER");
        });
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var wanted = parsed.GetValue(format) switch { "json" => ExportFormat.Json, "acp" => ExportFormat.Acp, _ => ExportFormat.Markdown };
            await using var link = await ThreadsLink.OpenAsync(parsed.GetValue(database), cancellationToken);
            if (parsed.GetValue(all)) return await AllAsync(link.Server, wanted, parsed.GetValue(output)!, parsed.GetValue(force), cancellationToken);
            var row = await ThreadRows.FindAsync(link.Server, parsed.GetValue(thread)!, cancellationToken);
            await OneAsync(link.Server, row, wanted, parsed.GetValue(output), parsed.GetValue(force), cancellationToken);
            return 0;
        });
        return verb;
    }

    private static async Task<int> AllAsync(ServerLink link, ExportFormat format, string folder, bool force, CancellationToken cancellationToken)
    {
        if (File.Exists(folder)) throw new StartupException(ExitCode.WrongUsage, $"{folder} is a file; with --all a folder is needed.");
        Directory.CreateDirectory(folder);
        var rows = new List<JsonElement>();
        await foreach (var row in ThreadRows.ReadAsync(link, withArchived: true, limit: null, cancellationToken)) rows.Add(row);
        var progress = new ProgressLine(Screen.Error);
        var begun = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < rows.Count; i++)
        {
            progress.Show($"Exporting thread {i + 1} of {rows.Count}", TimeProvider.System.GetElapsedTime(begun));
            await OneAsync(link, rows[i], format, Path.Combine(folder, FileName(rows[i].Text("id")!, format)), force, cancellationToken);
        }

        progress.Clear();
        Console.WriteLine($"Wrote {Plural.Of(rows.Count, "thread")} into {folder}");
        return 0;
    }

    private static async Task OneAsync(ServerLink link, JsonElement row, ExportFormat format, string? file, bool force, CancellationToken cancellationToken)
    {
        var thread = new StoredThread(link, row, cancellationToken);
        if (file is null)
        {
            await WriteAsync(thread, format, Console.Out);
            return;
        }

        if (Directory.Exists(file)) file = Path.Combine(file, FileName(thread.Id, format));
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        if (!Directory.Exists(folder)) throw new StartupException(ExitCode.WrongUsage, $"There is no directory {folder}. Make it first.");
        if (!force && File.Exists(file)) throw new StartupException(ExitCode.WrongUsage, $"{file} is there already. Name another file, or say --force to replace it.");
        var part = file + ".part";
        try
        {
            await using (var output = new StreamWriter(part)) await WriteAsync(thread, format, output);
            File.Move(part, file, overwrite: force);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCode.InternalError, $"{file} cannot be written: {exception.Message}", exception);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task WriteAsync(StoredThread thread, ExportFormat format, TextWriter output)
    {
        switch (format)
        {
            case ExportFormat.Json:
                await JsonExport.WriteAsync(thread, output);
                break;
            case ExportFormat.Acp:
                await AcpExport.WriteAsync(thread, output);
                break;
            default:
                var document = new ConversationMarkdown(new Screen(output, isTerminal: false, hasColours: false), TimeProvider.System);
                document.Begin(thread.Row);
                await foreach (var entry in thread.ConversationAsync()) document.Entry(entry);
                document.End((await thread.OneAsync("plan.get"))?.GetProperty("entries"));
                break;
        }
    }

    /// <summary>An id may hold what no file name does; two that differ in that alone are told apart by a hash.</summary>
    private static string FileName(string id, ExportFormat format)
    {
        const int longest = 100;
        var name = string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        if (name != id || name.Length > longest) name = name[..Math.Min(name.Length, longest)] + "-" + Convert.ToHexStringLower(Sha1.Hash(System.Text.Encoding.UTF8.GetBytes(id)))[..8];
        return name + format switch { ExportFormat.Json => ".json", ExportFormat.Acp => ".jsonl", _ => ".md" };
    }
}
