using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>A form to fill in, or a page to visit: <c>elicitation/create</c>.</summary>
internal sealed class ElicitationQuestion(JsonSlice id, ProxiedSession session, ProxiedTurn? turn, JsonSlice request) : Question(id, session, turn)
{
    private const string Accept = "accept";
    private const string Decline = "decline";
    private const string Cancel = "cancel";

    public override int Weight => 512 + request.Bytes.Length;

    public override string AskControl => "tvx.request_elicitation";

    public override string AnswerControl => "elicitation.respond";

    public override string Query => "elicitations.list";

    public override string Cancelled => """{"action":"cancel"}""";

    public override void WriteAsked(Utf8JsonWriter json) => request.Write(json, "request"u8);

    public override void WriteAnswer(Utf8JsonWriter json, RpcLine answer)
    {
        json.WriteString("action"u8, ActionOf(answer));
        if (ContentOf(answer) is { IsMissing: false } content) content.Write(json, "content"u8);
    }

    public override void WriteCancel(Utf8JsonWriter json) => json.WriteString("action"u8, Cancel);

    public override string Result(string outcome) => outcome;

    public override bool IsSame(RpcLine answer, JsonElement outcome)
    {
        var action = ActionOf(answer);
        if (action != outcome.Text("action")) return false;
        if (action != Accept) return true;
        var stored = outcome.TryGetProperty("content"u8, out var content) ? content.GetRawText() : "";
        var ours = ContentOf(answer);
        if (ours.IsMissing || stored.Length == 0) return ours.IsMissing == (stored.Length == 0);
        using var filledIn = JsonDocument.Parse(ours.Bytes, JsonText.DocumentOptions);
        try
        {
            return JsonElement.DeepEquals(filledIn.RootElement, content);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which is no text to be compared.
            return ours.ToString() == stored;
        }
    }

    /// <summary>An answer that is none is nobody's yes.</summary>
    private static string ActionOf(RpcLine answer) => answer.Result.Member("action"u8).Text switch
    {
        Accept => Accept,
        Decline => Decline,
        _ => Cancel,
    };

    /// <summary>What was filled in; a page has no fields, and editors send an empty object with it all the same.</summary>
    private JsonSlice ContentOf(RpcLine answer) =>
        ActionOf(answer) == Accept && request.Member("mode"u8).Text == "form" && answer.Result.Member("content"u8) is { IsObject: true } content ? content : default;
}
