using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>A form to fill in, or a page to visit: <c>elicitation/create</c>.</summary>
internal sealed record ElicitationQuestion(string Key, JsonSlice Id, ProxiedSession Session, ProxiedTurn? Turn, JsonSlice Request)
    : Question(Key, Id, Session, Turn)
{
    public override int Weight => 512 + Request.Bytes.Length;

    public override string AskControl => "tvx.request_elicitation";

    public override string AnswerControl => "elicitation.respond";

    public override string Query => "elicitations.list";

    public override string Cancelled => """{"action":"cancel"}""";

    public override void WriteAsked(Utf8JsonWriter json) => Request.Write(json, "request"u8);

    public override void WriteAnswer(Utf8JsonWriter json, RpcLine answer)
    {
        var action = ActionOf(answer);
        json.WriteString("action"u8, action);
        if (action == "accept" && answer.Result.Member("content"u8) is { IsObject: true } content) content.Write(json, "content"u8);
    }

    public override string Result(string outcome) => outcome;

    public override bool IsSame(RpcLine answer, JsonElement outcome)
    {
        if (ActionOf(answer) != outcome.Text("action")) return false;
        var hasStored = outcome.TryGetProperty("content"u8, out var stored);
        if (answer.Result.Member("content"u8) is not { IsObject: true } content) return !hasStored;
        using var ours = JsonDocument.Parse(content.Bytes, JsonText.DocumentOptions);
        return hasStored && JsonElement.DeepEquals(ours.RootElement, stored);
    }

    /// <summary>An answer that is none is nobody's yes.</summary>
    private static string ActionOf(RpcLine answer) =>
        answer.Result.Member("action"u8).Text is "accept" or "decline" ? answer.Result.Member("action"u8).Text! : "cancel";
}
