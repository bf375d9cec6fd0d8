using System.Text.Json;

namespace Tinyvex.Protocol;

/// <summary>What a connection is told that runs agents itself (docs/protocol.md, "Agents of clients").</summary>
internal static class HostFrames
{
    public const string PermissionAnswered = "permission.answered";
    public const string ElicitationAnswered = "elicitation.answered";

    public static void RunRequested(
        Utf8JsonWriter json, string runId, string threadId, ReadOnlyMemory<byte> prompt, string? workingDirectory, bool again)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "run.requested"u8);
        json.WriteString("runId"u8, runId);
        json.WriteString("threadId"u8, threadId);
        json.WritePropertyName("prompt"u8);
        json.WriteRawValue(prompt.Span, skipInputValidation: true);
        json.WriteString("workingDirectory"u8, workingDirectory);
        if (again) json.WriteBoolean("again"u8, true);
        json.WriteEndObject();
    }

    public static void CancelRequested(Utf8JsonWriter json, string runId, string threadId)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "run.cancel_requested"u8);
        json.WriteString("runId"u8, runId);
        json.WriteString("threadId"u8, threadId);
        json.WriteEndObject();
    }

    /// <param name="type">What was asked.</param>
    public static void Answered(Utf8JsonWriter json, string type, string requestId, string threadId, string? runId, ReadOnlyMemory<byte> outcome)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("requestId"u8, requestId);
        json.WriteString("threadId"u8, threadId);
        if (runId is not null) json.WriteString("runId"u8, runId);
        json.WritePropertyName("outcome"u8);
        json.WriteRawValue(outcome.Span, skipInputValidation: true);
        json.WriteEndObject();
    }
}
