using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>A request of an agent that waits for a person, or for a policy: a permission or an elicitation.</summary>
internal sealed class PendingQuestion(AgentConnection connection, ReadOnlyMemory<byte> id, bool isPermission, string? runId)
{
    private static ReadOnlyMemory<byte> Cancelled { get; } = "{\"outcome\":\"cancelled\"}"u8.ToArray();

    private static ReadOnlyMemory<byte> Cancel { get; } = "{\"action\":\"cancel\"}"u8.ToArray();

    public AgentConnection Connection { get; } = connection;

    /// <summary>The agent's own id of the request, as it sent it.</summary>
    public ReadOnlyMemory<byte> Id { get; } = id;

    public bool IsPermission { get; } = isPermission;

    /// <summary>The turn it belongs to.</summary>
    public string? RunId { get; } = runId;

    /// <summary>Its row, once it is stored.</summary>
    public string? RequestId { get; set; }

    /// <summary>Whether the agent has taken it back.</summary>
    public bool IsWithdrawn { get; set; }

    public Task AnswerAsync(ReadOnlyMemory<byte> outcome) => Connection.RespondAsync(Id, json =>
    {
        if (!IsPermission)
        {
            json.WriteRawValue(outcome.Span, skipInputValidation: true);
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName("outcome"u8);
        json.WriteRawValue(outcome.Span, skipInputValidation: true);
        json.WriteEndObject();
    });

    /// <summary>Answers that nobody has decided.</summary>
    public Task RefuseAsync() => AnswerAsync(IsPermission ? Cancelled : Cancel);
}
