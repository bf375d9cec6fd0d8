using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>What became of what an agent has asked, in words as they were given; who prints them makes them printable.</summary>
internal static class Answers
{
    /// <summary>Who or what decided, where that is more than that it was a client.</summary>
    public static string By(JsonElement asked) => asked.Text("answeredBy") is { } by and not "client" ? $" by {by}" : "";

    /// <summary>The agent's words for the option that was chosen; null where none was.</summary>
    public static string? Chosen(JsonElement permission)
    {
        var chosen = permission.TryGetProperty("outcome", out var outcome) ? outcome.Text("optionId") : null;
        return chosen is null ? null : permission.Items("options").FirstOrDefault(option => option.Text("optionId") == chosen).Text("name") ?? chosen;
    }

    /// <summary>How it stands with a question: a no is an answer too, and is told as what it is.</summary>
    public static string Status(JsonElement elicitation) =>
        (elicitation.TryGetProperty("outcome", out var outcome) && outcome.Text("action") == "decline" ? "declined" : elicitation.Text("status")) + By(elicitation);

    /// <summary>What was filled in, as JSON; null where nothing was.</summary>
    public static string? FilledIn(JsonElement elicitation) =>
        elicitation.TryGetProperty("outcome", out var outcome) && outcome.ValueKind == JsonValueKind.Object && outcome.TryGetProperty("content", out var content) ? content.GetRawText() : null;
}
