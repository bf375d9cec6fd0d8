using System.Text.Json;

namespace Tinyvex.Acp;

/// <summary>A list of MCP servers as ACP has them: those without a <c>type</c> are commands, others have a URL.</summary>
/// <remarks>https://agentclientprotocol.com/protocol/v1/session-setup, "MCP Servers".</remarks>
internal static class McpServerList
{
    /// <summary>Servers of one list; a person has a handful, and each is a process of its own.</summary>
    public const int MaxServers = 100;

    /// <summary>No servers.</summary>
    public static ReadOnlyMemory<byte> None { get; } = "[]"u8.ToArray();

    /// <exception cref="TinyvexException"><c>bad_request</c>: it is no such list. What it says holds no value of a variable or header.</exception>
    public static void Check(JsonElement servers)
    {
        if (servers.ValueKind != JsonValueKind.Array) throw TinyvexException.BadRequest("'mcpServers' must be an array of MCP servers as ACP has them");
        if (servers.GetArrayLength() > MaxServers) throw new TinyvexException(ErrorCode.TooLarge, $"'mcpServers' may hold {MaxServers} servers");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in servers.EnumerateArray())
        {
            if (server.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("an MCP server must be an object");
            var name = Required(server, "name");
            if (!names.Add(name)) throw TinyvexException.BadRequest($"two MCP servers have the name '{name}'");
            var type = SessionUpdate.OptionalString(server, "type", "the MCP server") ?? "stdio";
            switch (type)
            {
                case "stdio":
                    Required(server, "command");
                    CheckArguments(server);
                    CheckPairs(server, "env");
                    break;
                case "http" or "sse":
                    Required(server, "url");
                    CheckPairs(server, "headers");
                    break;
                default:
                    throw TinyvexException.BadRequest($"the 'type' of an MCP server is http or sse, and absent for a command; '{type}' is not");
            }
        }
    }

    /// <summary>Values of variables and headers: as a rule keys and tokens.</summary>
    public static List<string> Secrets(ReadOnlyMemory<byte> servers)
    {
        using var document = JsonDocument.Parse(servers, JsonText.DocumentOptions);
        return
        [
            .. from server in document.RootElement.EnumerateArray()
               from list in (string[])["env", "headers"]
               where server.TryGetProperty(list, out _)
               from pair in server.GetProperty(list).EnumerateArray()
               select JsonText.Text(pair.GetProperty("value"u8)),
        ];
    }

    /// <summary>Two lists as one; of two servers of one name the second list's.</summary>
    public static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        using var ofFirst = JsonDocument.Parse(first, JsonText.DocumentOptions);
        using var ofSecond = JsonDocument.Parse(second, JsonText.DocumentOptions);
        var names = ofSecond.RootElement.EnumerateArray().Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return JsonWriting.Array(json =>
        {
            foreach (var server in ofFirst.RootElement.EnumerateArray().Where(server => !names.Contains(NameOf(server)))) Write(json, first, server);
            foreach (var server in ofSecond.RootElement.EnumerateArray()) Write(json, second, server);
        });
    }

    /// <summary>Those that an agent can use: commands always, others where it says so.</summary>
    /// <param name="leftOut">The names of the rest.</param>
    public static ReadOnlyMemory<byte> Usable(ReadOnlyMemory<byte> servers, bool http, bool sse, out List<string> leftOut)
    {
        var rest = new List<string>();
        leftOut = rest;
        using var document = JsonDocument.Parse(servers, JsonText.DocumentOptions);
        return JsonWriting.Array(json =>
        {
            foreach (var server in document.RootElement.EnumerateArray())
            {
                var type = server.Text("type") ?? "stdio";
                if (type switch { "http" => http, "sse" => sse, _ => true }) Write(json, servers, server);
                else rest.Add(NameOf(server));
            }
        });
    }

    /// <summary>With the lists that ACP demands, empty ones too.</summary>
    private static void Write(Utf8JsonWriter json, ReadOnlyMemory<byte> list, JsonElement server)
    {
        var hasUrl = server.TryGetProperty("url"u8, out _);
        json.WriteStartObject();
        foreach (var field in server.EnumerateObject())
        {
            // A command has no type in ACP.
            if (!hasUrl && field.NameEquals("type"u8)) continue;
            json.WritePropertyName(field.Name);
            json.WriteRawValue(JsonText.OnOneLine(list.Slice(field.Value).Span), skipInputValidation: true);
        }

        foreach (var needed in (string[])(hasUrl ? ["headers"] : ["args", "env"]))
        {
            if (server.TryGetProperty(needed, out _)) continue;
            json.WriteStartArray(needed);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static string NameOf(JsonElement server) => JsonText.Text(server.GetProperty("name"u8));

    private static string Required(JsonElement server, string field) => SessionUpdate.RequiredString(server, field, "an MCP server") is { Length: > 0 } text
        ? text
        : throw TinyvexException.BadRequest($"'{field}' of an MCP server is empty");

    private static void CheckArguments(JsonElement server)
    {
        if (!server.TryGetProperty("args"u8, out var arguments)) return;
        if (arguments.ValueKind == JsonValueKind.Array && arguments.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)) return;
        throw TinyvexException.BadRequest("'args' of an MCP server must be an array of strings");
    }

    private static void CheckPairs(JsonElement server, string field)
    {
        if (!server.TryGetProperty(field, out var pairs)) return;
        if (pairs.ValueKind == JsonValueKind.Array && pairs.EnumerateArray().All(IsPair)) return;
        throw TinyvexException.BadRequest($"'{field}' of an MCP server must be an array of objects with 'name' and 'value'");
    }

    private static bool IsPair(JsonElement pair) => pair.ValueKind == JsonValueKind.Object
        && pair.TryGetProperty("name"u8, out var name) && name.ValueKind == JsonValueKind.String
        && pair.TryGetProperty("value"u8, out var value) && value.ValueKind == JsonValueKind.String;
}
