using System.Text.Json;

namespace Tinyvex.Policies;

/// <summary>
/// The paths that a tool call names: its locations, those of its diffs, and what its parameters hold under the names that agents use for
/// paths. Parameters are an agent's own affair, so they can only add to what has to lie within the roots.
/// </summary>
internal sealed class TouchedPaths
{
    private static readonly HashSet<string> PathNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "path", "paths", "file", "files", "filename", "file_name", "filepath", "file_path", "file_paths", "abs_path", "absolute_path", "relative_path", "notebook_path",
        "dir", "directory", "dir_path", "directory_path", "cwd", "workdir", "working_directory", "root", "uri", "url",
        "old_path", "new_path", "oldpath", "newpath", "source", "source_path", "destination", "destination_path", "target", "target_file", "target_path", "move_path", "from", "to",
    };

    private static readonly HashSet<string> CommandNames = new(StringComparer.OrdinalIgnoreCase) { "command", "commands", "cmd", "script", "shell" };

    private readonly List<string> _paths = [];

    private TouchedPaths()
    {
    }

    /// <summary>Each as it stands there: absolute, or as from the working directory.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>Whether it runs a command, whatever its kind says: agents call <c>cat</c> and <c>rg</c> reads and searches.</summary>
    public bool RunsCommand { get; private set; }

    /// <summary>Whether something stands where a path is to be that is none.</summary>
    public bool IsUnclear { get; private set; }

    public static TouchedPaths Of(AskedToolCall call)
    {
        var touched = new TouchedPaths();
        touched.Read(call.Locations, touched.AddItemsPaths);
        touched.Read(call.Content, touched.AddDiffs);
        touched.Read(call.RawInput, touched.AddParameters);
        return touched;
    }

    private void Read(ReadOnlyMemory<byte>? json, Action<JsonElement> add)
    {
        if (json is not { } given) return;
        if (!JsonText.AllNamesAreText(given.Span))
        {
            IsUnclear = true;
            return;
        }

        using var document = JsonDocument.Parse(given, JsonText.DocumentOptions);
        add(document.RootElement);
    }

    private void AddItemsPaths(JsonElement locations)
    {
        if (locations.ValueKind != JsonValueKind.Array)
        {
            IsUnclear = true;
            return;
        }

        foreach (var location in locations.EnumerateArray()) AddPathOf(location);
    }

    private void AddDiffs(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array) return;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type"u8, out var type) || type.ValueKind != JsonValueKind.String) continue;
            if (type.ValueEquals("diff"u8)) AddPathOf(part);
            // What a terminal shows is a command that runs.
            else if (type.ValueEquals("terminal"u8)) RunsCommand = true;
        }
    }

    private void AddParameters(JsonElement parameters)
    {
        switch (parameters.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in parameters.EnumerateArray()) AddParameters(item);
                break;
            case JsonValueKind.Object:
                foreach (var parameter in parameters.EnumerateObject()) AddParameter(parameter);
                break;
        }
    }

    private void AddParameter(JsonProperty parameter)
    {
        if (parameter.Value.ValueKind == JsonValueKind.Null) return;
        var name = parameter.Name;
        if (CommandNames.Contains(name))
        {
            RunsCommand = true;
        }
        else if (PathNames.Contains(name))
        {
            AddStrings(parameter.Value);
        }
        else if (name.Equals("changes", StringComparison.OrdinalIgnoreCase) && parameter.Value.ValueKind == JsonValueKind.Object)
        {
            // Codex: an object whose names are the files.
            foreach (var change in parameter.Value.EnumerateObject())
            {
                Add(change.Name);
                AddParameters(change.Value);
            }
        }
        else if (IsPattern(name))
        {
            AddPatterns(parameter.Value);
        }
        else
        {
            AddParameters(parameter.Value);
        }
    }

    private void AddPatterns(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) IsUnclear |= LeadsElsewhere(JsonText.Text(value));
        else if (value.ValueKind == JsonValueKind.Array) foreach (var item in value.EnumerateArray()) AddPatterns(item);
        else AddParameters(value);
    }

    private static bool IsPattern(string name) =>
        name.Contains("pattern", StringComparison.OrdinalIgnoreCase) || name.Contains("glob", StringComparison.OrdinalIgnoreCase)
        || name.Contains("include", StringComparison.OrdinalIgnoreCase);

    /// <summary>Patterns are searched from where the search begins, unless they say otherwise.</summary>
    private static bool LeadsElsewhere(string pattern) =>
        pattern.Contains("..", StringComparison.Ordinal) || pattern.StartsWith('~') || Path.IsPathRooted(pattern);

    private void AddStrings(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) AddStrings(item);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            AddParameters(value);
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            Add(value);
        }
    }

    private void AddPathOf(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("path"u8, out var path)) Add(path);
        else IsUnclear = true;
    }

    private void Add(JsonElement path)
    {
        if (path.ValueKind == JsonValueKind.String && !JsonText.HasLoneSurrogate(path)) Add(path.GetString()!);
        else IsUnclear = true;
    }

    private void Add(string path)
    {
        // What has a scheme lies in no directory.
        if (path.Length == 0 || path.Contains("://", StringComparison.Ordinal)) IsUnclear = true;
        else _paths.Add(path);
    }
}
