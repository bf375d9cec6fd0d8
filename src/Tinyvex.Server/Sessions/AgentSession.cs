using System.Text.Json;

namespace Tinyvex.Sessions;

/// <summary>One ACP session of an agent that lives: the calls that are about it.</summary>
/// <param name="result">What the agent answered when it opened the session.</param>
internal sealed class AgentSession(LiveAgent agent, string id, SessionSettings settings, ReadOnlyMemory<byte> result)
{
    public LiveAgent Agent => agent;

    public string Id => id;

    public SessionSettings Settings => settings;

    public ReadOnlyMemory<byte> Result => result;

    /// <summary>Whether the agent knows nothing of what was said in the thread before.</summary>
    public bool OwesHistory { get; set; }

    public bool IsUsable => !agent.IsGone;

    /// <summary>Sends a prompt; ends with the turn.</summary>
    /// <param name="answered">Called when the answer is read, before what the agent says behind it.</param>
    public Task<ReadOnlyMemory<byte>> PromptAsync(ReadOnlyMemory<byte> blocks, Action answered) => agent.RequestAsync(
        "session/prompt", Of(json => Raw(json, "prompt", blocks)), _ => answered());

    /// <summary>Asks the agent to end the turn; the answer is the turn's end.</summary>
    public Task TryCancelAsync() => agent.TryNotifyAsync("session/cancel", Of(_ => { }));

    /// <param name="answered">Called when it has agreed, before what it says behind that.</param>
    public Task SetModeAsync(string modeId, ReadOnlyMemory<byte>? meta, Action answered) => agent.AskAsync(
        "session/set_mode",
        Of(json =>
        {
            json.WriteString("modeId"u8, modeId);
            if (meta is { } more) Raw(json, "_meta", more);
        }),
        answer => OnSuccess(answer, _ => answered()));

    /// <param name="value">A JSON string or boolean.</param>
    /// <param name="answered">Given the answer, which has all options as they are now, before what the agent says behind it.</param>
    public Task SetConfigOptionAsync(
        string configId, ReadOnlyMemory<byte> value, ReadOnlyMemory<byte>? meta, Action<ReadOnlyMemory<byte>> answered) => agent.AskAsync(
        "session/set_config_option",
        Of(json =>
        {
            json.WriteString("configId"u8, configId);
            if (value.Span[0] is (byte)'t' or (byte)'f') json.WriteString("type"u8, "boolean"u8);
            Raw(json, "value", value);
            if (meta is { } more) Raw(json, "_meta", more);
        }),
        answer => OnSuccess(answer, answered));

    private static void OnSuccess(ReadOnlyMemory<byte>? answer, Action<ReadOnlyMemory<byte>> answered)
    {
        if (answer is { } result) answered(result);
    }

    private Action<Utf8JsonWriter> Of(Action<Utf8JsonWriter> more) => json =>
    {
        json.WriteStartObject();
        json.WriteString("sessionId"u8, id);
        more(json);
        json.WriteEndObject();
    };

    private static void Raw(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(JsonText.OnOneLine(value.Span), skipInputValidation: true);
    }
}
