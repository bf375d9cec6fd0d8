using System.Text.Json.Nodes;

namespace Tinyvex.Cli.Turns;

/// <summary>What is answered to a question of an agent.</summary>
/// <param name="Action"><c>accept</c>, <c>decline</c> or <c>cancel</c>.</param>
/// <param name="Content">What was filled in.</param>
internal sealed record ElicitationAnswer(string Action, JsonObject? Content = null)
{
    public static ElicitationAnswer Decline { get; } = new("decline");
}
