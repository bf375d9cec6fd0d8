namespace Tinyvex.Cli.Transfers;

/// <summary>What the user named, as files: those of a folder, and stdin, which is kept in a file while it is read.</summary>
internal sealed class ImportFiles(IReadOnlyList<string> named) : IDisposable
{
    private static readonly string[] Endings = [".jsonl", ".json", ".ndjson", ".db"];

    private string? _stdin;

    /// <returns>The path, the name to show, and whether the user named this very file.</returns>
    /// <exception cref="StartupException">There is no such file.</exception>
    public IEnumerable<(string Path, string Name, bool IsNamed)> All()
    {
        foreach (var name in named)
        {
            if (name == "-")
            {
                yield return (Stdin(), "stdin", true);
            }
            else if (Directory.Exists(name))
            {
                // In the order of their names, which have the time in them where agents write them.
                foreach (var path in Directory.EnumerateFiles(name, "*", SearchOption.AllDirectories).Where(HasEnding).Order(StringComparer.Ordinal)) yield return (path, path, false);
            }
            else if (File.Exists(name))
            {
                yield return (Path.GetFullPath(name), name, true);
            }
            else
            {
                throw new StartupException(ExitCode.WrongUsage, $"There is no file {name}.");
            }
        }
    }

    private static bool HasEnding(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private string Stdin()
    {
        if (_stdin is not null) return _stdin;
        _stdin = Path.GetTempFileName();
        using var file = File.Create(_stdin);
        using var input = Console.OpenStandardInput();
        input.CopyTo(file);
        return _stdin;
    }

    public void Dispose()
    {
        if (_stdin is not null) File.Delete(_stdin);
    }
}
