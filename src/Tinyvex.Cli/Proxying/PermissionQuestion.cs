using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>May I: <c>session/request_permission</c>.</summary>
internal sealed class PermissionQuestion(JsonSlice id, ProxiedSession session, ProxiedTurn? turn, JsonSlice toolCall, JsonSlice options) : Question(id, session, turn)
{
    public override int Weight => 512 + toolCall.Bytes.Length + options.Bytes.Length;

    public override string AskControl => "tvx.request_permission";

    public override string AnswerControl => "permission.respond";

    public override string Query => "permissions.list";

    public override string Cancelled => """{"outcome":"cancelled"}""";

    public override void WriteAsked(Utf8JsonWriter json)
    {
        toolCall.Write(json, "toolCall"u8);
        options.Write(json, "options"u8);
    }

    public override void WriteAnswer(Utf8JsonWriter json, RpcLine answer)
    {
        if (OptionOf(answer) is { } chosen) json.WriteString("optionId"u8, chosen);
        else WriteCancel(json);
    }

    public override void WriteCancel(Utf8JsonWriter json) => json.WriteBoolean("cancelled"u8, true);

    public override string Result(string outcome) => $"{{\"outcome\":{outcome}}}";

    public override bool IsSame(RpcLine answer, JsonElement outcome) => OptionOf(answer) == outcome.Text("optionId");

    private static string? OptionOf(RpcLine answer) => answer.Result.Member("outcome"u8).Member("optionId"u8).Text;
}
