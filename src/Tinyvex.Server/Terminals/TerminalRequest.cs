using System.Text.Json;

namespace Tinyvex.Terminals;

/// <summary>What <c>terminal/create</c> asks for.</summary>
internal sealed record TerminalRequest
{
    public required string Command { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The arguments as they were sent.</summary>
    public ReadOnlyMemory<byte>? ArgumentsJson { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public string? Directory { get; init; }

    /// <summary>Bytes of output that the agent wants back at most, the last of it.</summary>
    public long? OutputByteLimit { get; init; }

    /// <exception cref="TinyvexException"><c>bad_request</c>.</exception>
    public static TerminalRequest Read(ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        var command = Text(parameters, "command");
        if (string.IsNullOrEmpty(command)) throw TinyvexException.BadRequest("terminal/create needs 'command', a string");
        var arguments = new List<string>();
        var argumentsJson = (ReadOnlyMemory<byte>?)null;
        if (List(parameters, "args") is { } args)
        {
            argumentsJson = line.Slice(args).ToArray();
            foreach (var argument in args.EnumerateArray()) arguments.Add(Text(argument) ?? throw TinyvexException.BadRequest("'args' must hold strings"));
        }

        var environment = new List<KeyValuePair<string, string>>();
        if (List(parameters, "env") is { } variables)
        {
            foreach (var variable in variables.EnumerateArray())
            {
                var (name, value) = (Text(variable, "name"), Text(variable, "value"));
                if (string.IsNullOrEmpty(name) || name.Contains('=', StringComparison.Ordinal) || value is null)
                {
                    throw TinyvexException.BadRequest("'env' must hold objects with 'name' and 'value', both strings");
                }

                environment.Add(new(name, value));
            }
        }

        if (new[] { command }.Concat(arguments).Concat(environment.Select(variable => variable.Key + variable.Value)).Any(text => text.Contains('\0', StringComparison.Ordinal)))
        {
            throw TinyvexException.BadRequest("a command, its arguments and its environment hold no NUL");
        }

        return new TerminalRequest
        {
            Command = command,
            Arguments = arguments,
            ArgumentsJson = argumentsJson,
            Environment = environment,
            Directory = Text(parameters, "cwd"),
            OutputByteLimit = Limit(parameters),
        };
    }

    private static long? Limit(JsonElement parameters)
    {
        if (!parameters.TryGetProperty("outputByteLimit"u8, out var limit) || limit.ValueKind == JsonValueKind.Null) return null;
        return limit.ValueKind == JsonValueKind.Number && limit.TryGetInt64(out var bytes) && bytes >= 0
            ? bytes
            : throw TinyvexException.BadRequest("'outputByteLimit' must be a number of bytes");
    }

    private static JsonElement? List(JsonElement of, string field)
    {
        if (!of.TryGetProperty(field, out var list) || list.ValueKind == JsonValueKind.Null) return null;
        return list.ValueKind == JsonValueKind.Array ? list : throw TinyvexException.BadRequest($"'{field}' must be an array");
    }

    private static string? Text(JsonElement of, string field) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(field, out var text) ? Text(text) : null;

    private static string? Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? JsonText.Text(element) : null;
}
