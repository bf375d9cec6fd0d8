using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tinyvex.Agents;

/// <summary>Changes the agents file and leaves all else in it as it is. A server that runs sees the file before or after, never half of it.</summary>
internal sealed class AgentsFileEditor(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JsonWriting.Options.Encoder };

    /// <param name="command">Program and arguments; null for a known agent's own.</param>
    /// <exception cref="StartupException">It is there already, or the file cannot be changed.</exception>
    public void Add(
        string name, IReadOnlyList<string>? command, IReadOnlyDictionary<string, string> environment, string? title, bool isDefault) => Change(file =>
    {
        var agents = Agents(file);
        if (agents.ContainsKey(name)) throw Refused($"{path} has an agent '{name}' already. Remove it first: tinyvex agents remove {name}");
        var entry = new JsonObject();
        if (title is not null) entry["title"] = title;
        if (command is not null) entry["command"] = new JsonArray([.. command.Select(word => (JsonNode)word)]);
        if (environment.Count > 0) entry["env"] = new JsonObject(environment.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value)));
        agents[name] = entry;
        if (isDefault) file["default"] = name;
    });

    /// <exception cref="StartupException">It is not there, or the file cannot be changed.</exception>
    public void Remove(string name) => Change(file =>
    {
        var agents = Agents(file);
        if (!agents.Remove(name)) throw Refused($"{path} has no agent '{name}'; it has: {string.Join(", ", agents.Select(agent => agent.Key))}");
        if (file["default"] is JsonValue value && value.TryGetValue<string>(out var chosen) && chosen == name) file.Remove("default");
    });

    /// <exception cref="StartupException">The file cannot be changed.</exception>
    public void SetDefault(string name) => Change(file => file["default"] = name);

    private void Change(Action<JsonObject> change)
    {
        try
        {
            // A link stays one, also where its file is not there yet.
            var real = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            var before = File.Exists(real) ? File.ReadAllBytes(real) : [];
            var file = Parse(before);
            change(file);
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer, Indented)) file.WriteTo(json);
            buffer.Write("\n"u8);
            // What this writes must be what a server reads.
            AgentsFile.Read(path, buffer.WrittenSpan);
            Replace(real, buffer.WrittenSpan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCode.InternalError, $"{path} cannot be changed: {exception.Message}");
        }
    }

    private JsonObject Parse(byte[] json)
    {
        if (json.AsSpan().Trim(" \t\r\n"u8).IsEmpty) return [];
        AgentsFile.Read(path, json);
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true }) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            // It was read a moment ago, so this is a comment, which would not come back out.
            throw Refused($"{path} has comments, which would be lost. Change it by hand, or take them out.");
        }
    }

    private static JsonObject Agents(JsonObject file)
    {
        if (file["agents"] is JsonObject agents) return agents;
        agents = [];
        file["agents"] = agents;
        return agents;
    }

    private static void Replace(string real, ReadOnlySpan<byte> text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        var temporary = $"{real}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        // Keys may be in it.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = File.Exists(real) ? File.GetUnixFileMode(real) : OwnerOnly;
        using (var file = new FileStream(temporary, options)) file.Write(text);
        File.Move(temporary, real, overwrite: true);
    }

    private static StartupException Refused(string why) => new(ExitCode.WrongUsage, why);
}
