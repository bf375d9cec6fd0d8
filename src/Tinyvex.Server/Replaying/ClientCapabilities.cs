using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>What the client said it can do. What it cannot do is not asked of it.</summary>
internal sealed record ClientCapabilities
{
    public bool ReadTextFile { get; private init; }

    public bool WriteTextFile { get; private init; }

    public bool Terminal { get; private init; }

    public bool ElicitationForm { get; private init; }

    public bool ElicitationUrl { get; private init; }

    /// <param name="parameters">The <c>params</c> of <c>initialize</c>.</param>
    public static ClientCapabilities Read(JsonElement parameters)
    {
        if (Member(parameters, "clientCapabilities"u8) is not { } capabilities)
            return new ClientCapabilities();

        var fs = Member(capabilities, "fs"u8);
        var elicitation = Member(capabilities, "elicitation"u8);
        return new ClientCapabilities
        {
            ReadTextFile = IsTrue(fs, "readTextFile"u8),
            WriteTextFile = IsTrue(fs, "writeTextFile"u8),
            Terminal = IsTrue(capabilities, "terminal"u8),
            ElicitationForm = Member(elicitation, "form"u8)?.ValueKind == JsonValueKind.Object,
            ElicitationUrl = Member(elicitation, "url"u8)?.ValueKind == JsonValueKind.Object,
        };
    }

    public bool Allow(RecordedMessage request) => request.Method switch
    {
        "fs/read_text_file" => ReadTextFile,
        "fs/write_text_file" => WriteTextFile,
        "elicitation/create" => IsForm(request) ? ElicitationForm : ElicitationUrl,
        { } method when method.StartsWith("terminal/", StringComparison.Ordinal) => Terminal,
        _ => true,
    };

    private static bool IsForm(RecordedMessage request)
    {
        using var document = JsonDocument.Parse(request.Bytes);
        return Member(Member(document.RootElement, "params"u8), "mode"u8) is not { ValueKind: JsonValueKind.String } mode
            || mode.ValueEquals("form"u8);
    }

    private static bool IsTrue(JsonElement? parent, ReadOnlySpan<byte> name) =>
        Member(parent, name)?.ValueKind == JsonValueKind.True;

    private static JsonElement? Member(JsonElement? parent, ReadOnlySpan<byte> name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var member) ? member : null;
}
