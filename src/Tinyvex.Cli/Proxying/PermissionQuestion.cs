using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>May I: <c>session/request_permission</c>.</summary>
internal sealed record PermissionQuestion(string Key, JsonSlice Id, ProxiedSession Session, ProxiedTurn? Turn, JsonSlice ToolCall, JsonSlice Options)
    : Question(Key, Id, Session, Turn)
{
    public override int Weight => 512 + ToolCall.Bytes.Length + Options.Bytes.Length;

    public override string AskControl => "tvx.request_permission";

    public override string AnswerControl => "permission.respond";

    public override string Query => "permissions.list";

    public override string Cancelled => """{"outcome":"cancelled"}""";

    public override void WriteAsked(Utf8JsonWriter json)
    {
        ToolCall.Write(json, "toolCall"u8);
        Options.Write(json, "options"u8);
    }

    public override void WriteAnswer(Utf8JsonWriter json, RpcLine answer)
    {
        if (OptionOf(answer) is { } chosen) json.WriteString("optionId"u8, chosen);
        else json.WriteBoolean("cancelled"u8, true);
    }

    public override string Result(string outcome) => $"{{\"outcome\":{outcome}}}";

    public override bool IsSame(RpcLine answer, JsonElement outcome) => OptionOf(answer) == outcome.Text("optionId");

    private static string? OptionOf(RpcLine answer) => answer.Result.Member("outcome"u8).Member("optionId"u8).Text;
}
