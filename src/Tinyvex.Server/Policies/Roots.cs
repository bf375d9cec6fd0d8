using System.Text.Json;
using Tinyvex.TextFiles;

namespace Tinyvex.Policies;

/// <summary>The directories in which a thread's agent may work.</summary>
internal sealed class Roots
{
    private readonly string? _workingDirectory;
    private readonly List<string> _real = [];

    /// <param name="workingDirectory">What relative paths start from; null where it is not known, and then they lead nowhere.</param>
    /// <param name="additional">More of them, a JSON array of absolute paths.</param>
    public Roots(string? workingDirectory, ReadOnlyMemory<byte>? additional)
    {
        _workingDirectory = workingDirectory;
        Add(workingDirectory);
        if (additional is not { } given) return;
        using var document = JsonDocument.Parse(given, JsonText.DocumentOptions);
        foreach (var directory in document.RootElement.EnumerateArray())
        {
            if (directory.ValueKind == JsonValueKind.String && !JsonText.HasLoneSurrogate(directory)) Add(directory.GetString());
        }
    }

    /// <summary>Where a path leads, if it lies within one of the roots once all links are followed; null where it does not.</summary>
    public string? RealPathOf(string path)
    {
        // A shell's sign for a home, which the file system does not know, and a tool may.
        if (path.StartsWith('~')) return null;
        if (!Path.IsPathFullyQualified(path))
        {
            if (_workingDirectory is null || Path.IsPathRooted(path)) return null;
            path = Path.Join(_workingDirectory, path);
        }

        return RealPath.Find(path) is { } real && _real.Exists(root => RealPath.IsWithin(real, root)) ? real : null;
    }

    private void Add(string? directory)
    {
        if (directory is not null && RealPath.Find(directory) is { } real) _real.Add(real);
    }
}
