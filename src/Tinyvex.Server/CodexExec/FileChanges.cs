using System.Text;
using System.Text.Json;

namespace Tinyvex.CodexExec;

/// <summary>
/// Finds the diffs that codex's items leave out: in codex's own record of the thread, or else by what stood in the files when the change was
/// announced and stands there now.
/// </summary>
internal sealed class FileChanges(Rollout rollout)
{
    /// <summary>A larger file is shown by its changed parts, or not at all.</summary>
    private const int MaxFileBytes = 1 << 20;

    private readonly Dictionary<string, string?> _before = new(StringComparer.Ordinal);

    public Rollout Rollout { get; } = rollout;

    /// <summary>Notes what stands in files that are about to change.</summary>
    public void Remember(IEnumerable<FileChange> files)
    {
        foreach (var file in files) _before.TryAdd(file.Path, ReadFile(file.Path));
    }

    /// <summary>Writes the content of a call that changed files, where anything of it can be shown.</summary>
    public void WriteDiffs(Utf8JsonWriter json, IReadOnlyList<FileChange> files)
    {
        var known = files.All(file => file.Content is not null || file.UnifiedDiff is not null) ? files : Rollout.FindChange(files) ?? files;
        var diffs = known.Select(file => (file.Path, Texts: Texts(file))).Where(diff => diff.Texts is not null).ToList();
        foreach (var file in files) _before.Remove(file.Path);
        if (diffs.Count == 0) return;
        json.WriteStartArray("content"u8);
        foreach (var (path, texts) in diffs)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "diff"u8);
            json.WriteString("path"u8, path);
            json.WriteString("oldText"u8, texts!.Value.Old);
            json.WriteString("newText"u8, texts.Value.New);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private (string? Old, string New)? Texts(FileChange change)
    {
        var before = _before.GetValueOrDefault(change.Path);
        switch (change.Verb)
        {
            case "Add":
                return (change.Content ?? ReadFile(change.Path)) is { } added ? (null, added) : null;
            case "Delete":
                return (change.Content ?? before) is { } deleted ? (deleted, "") : null;
            default:
                var now = ReadFile(change.Path);
                if (change.UnifiedDiff is { } diff) return UnifiedDiff.Texts(diff, now);
                // Where nothing is different the change was made before it could be looked at.
                return before is not null && now is not null && before != now ? (before, now) : null;
        }
    }

    private static string? ReadFile(string path)
    {
        try
        {
            if (!Path.IsPathFullyQualified(path) || new FileInfo(path) is not { Exists: true, Length: <= MaxFileBytes }) return null;
            var bytes = File.ReadAllBytes(path);
            return bytes.Contains((byte)0) ? null : Encoding.UTF8.GetString(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
