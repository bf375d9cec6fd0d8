using System.Text.Json;

namespace Tinyvex.Acp;

/// <summary>
/// One ACP <c>SessionUpdate</c>: its raw JSON, kept for the log, and the few fields the views need, as slices of it. Fields may
/// come in any order and unknown ones are nobody's business, so it is read by hand and not by a polymorphic deserializer.
/// </summary>
/// <remarks>https://agentclientprotocol.com/protocol/v1/schema, "SessionUpdate".</remarks>
internal sealed class SessionUpdate
{
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The value of <c>sessionUpdate</c>.</summary>
    public required string Name { get; init; }

    public required SessionUpdateKind Kind { get; init; }

    /// <summary>Whether it says how the session is, and not what was said or done in it: to hear it twice changes nothing.</summary>
    public bool IsState => Kind is SessionUpdateKind.CurrentMode or SessionUpdateKind.AvailableCommands or SessionUpdateKind.ConfigOption
        or SessionUpdateKind.Usage or SessionUpdateKind.SessionInfo;

    /// <summary>The text of a chunk; null where its content block is no text.</summary>
    public ReadOnlyMemory<byte>? Text { get; init; }

    /// <summary>The content block of a chunk.</summary>
    public ReadOnlyMemory<byte> Block { get; init; }

    public ReadOnlyMemory<byte>? BlockThatIsNoText => Text is null ? Block : (ReadOnlyMemory<byte>?)null;

    public string? MessageId { get; init; }

    public ToolCallPatch? ToolCall { get; init; }

    /// <summary>The one JSON value of a plan, commands, config or usage update.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    public string? ModeId { get; init; }

    public string? Title { get; init; }

    /// <summary>Reads an update that lies in <paramref name="json"/>.</summary>
    /// <exception cref="TinyvexException"><c>bad_request</c>: it is no update, or a known kind lacks a required field.</exception>
    public static SessionUpdate Parse(ReadOnlyMemory<byte> json, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("an update must be a JSON object");
        var name = NameOf(element);
        var raw = json.Slice(element);
        return name switch
        {
            "user_message_chunk" => Chunk(SessionUpdateKind.UserMessageChunk),
            "agent_message_chunk" => Chunk(SessionUpdateKind.AgentMessageChunk),
            "agent_thought_chunk" => Chunk(SessionUpdateKind.AgentThoughtChunk),
            "tool_call" => Tool(SessionUpdateKind.ToolCall),
            "tool_call_update" => Tool(SessionUpdateKind.ToolCallUpdate),
            "plan" => Valued(SessionUpdateKind.Plan, "entries", JsonValueKind.Array),
            "available_commands_update" => Valued(SessionUpdateKind.AvailableCommands, "availableCommands", JsonValueKind.Array),
            "config_option_update" => Valued(SessionUpdateKind.ConfigOption, "configOptions", JsonValueKind.Array),
            "current_mode_update" => new SessionUpdate
            {
                Raw = raw,
                Name = name,
                Kind = SessionUpdateKind.CurrentMode,
                ModeId = RequiredString(element, "currentModeId", name),
            },
            "session_info_update" => new SessionUpdate
            {
                Raw = raw,
                Name = name,
                Kind = SessionUpdateKind.SessionInfo,
                Title = OptionalString(element, "title", name),
            },
            "usage_update" => Usage(),
            _ => Unknown(json, element, name),
        };

        SessionUpdate Chunk(SessionUpdateKind kind)
        {
            var content = Required(element, "content", JsonValueKind.Object, name);
            var type = Required(content, "type", JsonValueKind.String, ContentOf(kind));
            var isText = type.ValueEquals("text"u8);
            if (!isText) RequiredString(content, "type", ContentOf(kind));
            return new SessionUpdate
            {
                Raw = raw,
                Name = name,
                Kind = kind,
                Block = json.Slice(content),
                Text = isText ? json.StringUtf8(Required(content, "text", JsonValueKind.String, ContentOf(kind))) : (ReadOnlyMemory<byte>?)null,
                MessageId = OptionalString(element, "messageId", name),
            };
        }

        SessionUpdate Tool(SessionUpdateKind kind)
        {
            var patch = ToolCallPatch.Parse(json, element, name);
            if (kind == SessionUpdateKind.ToolCall) RequiredString(element, "title", name);
            return new SessionUpdate { Raw = raw, Name = name, Kind = kind, ToolCall = patch };
        }

        SessionUpdate Valued(SessionUpdateKind kind, string field, JsonValueKind expected) => new()
        {
            Raw = raw,
            Name = name,
            Kind = kind,
            Value = json.Slice(Required(element, field, expected, name)),
        };

        SessionUpdate Usage()
        {
            Required(element, "used", JsonValueKind.Number, name);
            Required(element, "size", JsonValueKind.Number, name);
            return new SessionUpdate { Raw = raw, Name = name, Kind = SessionUpdateKind.Usage, Value = UsageValue(json, element) };
        }
    }

    /// <summary>The discriminator; a string of our own for those that come by the thousand.</summary>
    private static string NameOf(JsonElement element)
    {
        var value = Required(element, "sessionUpdate", JsonValueKind.String, "the update");
        if (value.ValueEquals("agent_message_chunk"u8)) return "agent_message_chunk";
        if (value.ValueEquals("agent_thought_chunk"u8)) return "agent_thought_chunk";
        if (value.ValueEquals("tool_call_update"u8)) return "tool_call_update";
        return RequiredString(element, "sessionUpdate", "the update");
    }

    private static string ContentOf(SessionUpdateKind kind) => kind switch
    {
        SessionUpdateKind.UserMessageChunk => "user_message_chunk.content",
        SessionUpdateKind.AgentMessageChunk => "agent_message_chunk.content",
        _ => "agent_thought_chunk.content",
    };

    /// <summary>An update of which only the log takes notice.</summary>
    public static SessionUpdate Unknown(ReadOnlyMemory<byte> json, JsonElement element, string name) =>
        new() { Raw = json.Slice(element), Name = name, Kind = SessionUpdateKind.Other };

    internal static JsonElement Required(JsonElement element, string field, JsonValueKind kind, string of) =>
        element.TryGetProperty(field, out var value) && value.ValueKind == kind
            ? value
            : throw TinyvexException.BadRequest($"{of} needs '{field}' ({Describe(kind)})");

    internal static string RequiredString(JsonElement element, string field, string of) =>
        Required(element, field, JsonValueKind.String, of) is var value && !JsonText.HasLoneSurrogate(value)
            ? value.GetString()!
            : throw TinyvexException.BadRequest($"'{field}' of {of} holds half a surrogate pair, which is no Unicode text");

    internal static string? OptionalString(JsonElement element, string field, string of) =>
        !element.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null : RequiredString(element, field, of);

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        _ => "a string",
    };

    /// <summary>The update without the discriminator: what the state row shows as <c>usage</c>.</summary>
    private static ReadOnlyMemory<byte> UsageValue(ReadOnlyMemory<byte> json, JsonElement element)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var usage = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            usage.WriteStartObject();
            foreach (var field in element.EnumerateObject())
            {
                if (field.NameEquals("sessionUpdate"u8)) continue;
                usage.WritePropertyName(field.Name);
                // As it came: a value need not be writable text, a cut surrogate pair say.
                usage.WriteRawValue(json.Slice(field.Value).Span, skipInputValidation: true);
            }

            usage.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
