using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.CodexExec;

/// <summary>
/// Events of codex from before there were items: deltas of text, commands with a beginning and an end, plans; and messages as its
/// records hold them.
/// </summary>
internal static class OlderEvents
{
    public static void Handle(string type, JsonElement happened, ItemTranslator items)
    {
        // agent_message_content_delta was spelt without underscores, too.
        switch (type.Replace("_", "", StringComparison.Ordinal))
        {
            case "agentmessagecontentdelta" or "agentmessagedelta" or "agentmessage":
                Text(UpdateWriter.Message, happened, happened.Text("message") ?? happened.Text("text"), items);
                break;
            case "reasoningcontentdelta" or "reasoningrawcontentdelta" or "agentreasoningdelta" or "agentreasoning" or "agentreasoningrawcontent"
                or "agentreasoningrawcontentdelta":
                Text(UpdateWriter.Thought, happened, happened.Text("text") ?? happened.Text("message"), items);
                break;
            case "planupdate" or "plan":
                items.Plan(happened.Items("plan").Select(step => (step.Text("step") ?? step.Text("content"), Status(step.Text("status"))))
                    .Where(step => step.Item1 is not null).Select(step => (step.Item1!, step.Item2)));
                break;
            case "execcommandbegin":
                items.Command(Id(happened, "call_command"), CommandOf(happened), "", null, "in_progress");
                break;
            case "execcommandend":
                var exitCode = happened.Number("exit_code");
                var output = happened.Text("aggregated_output") ?? happened.Text("formatted_output") ?? happened.Text("stdout") + happened.Text("stderr");
                items.EndCommand(Id(happened, "call_command"), output, exitCode, exitCode is null or 0 ? "completed" : "failed");
                break;
            case "patchapplybegin" when happened.Field("changes") is { } changes:
                items.Files(Id(happened, "call_file_change"), FileChange.ReadAll(changes), "in_progress", isCompleted: false);
                break;
            case "patchapplyend":
                items.EndCall(Id(happened, "call_file_change"), happened.Field("success")?.ValueKind == JsonValueKind.False ? "failed" : "completed");
                break;
            case "mcptoolcallbegin" when happened.Field("invocation") is { } invocation:
                items.BeginCall(Id(happened, "call_mcp"), $"{invocation.Text("server")}.{invocation.Text("tool")}", "other", invocation);
                break;
            case "mcptoolcallend":
                items.EndCall(Id(happened, "call_mcp"), happened.Field("result")?.Field("Err") is null ? "completed" : "failed");
                break;
            case "websearchbegin":
                items.BeginCall(Id(happened, "call_web_search"), "Web search", "search", happened);
                break;
            case "websearchend":
                items.EndCall(Id(happened, "call_web_search"), "completed", $"Web search: {happened.Text("query")}");
                break;
        }
    }

    /// <summary>What a record of a thread calls a <c>response_item</c>.</summary>
    public static void HandleResponse(JsonElement response, ItemTranslator items)
    {
        var (kind, parts) = response.Text("type") switch
        {
            "message" when response.Text("role") is null or "assistant" => (UpdateWriter.Message, response.Items("content")),
            "reasoning" => (UpdateWriter.Thought, response.Items("summary")),
            _ => ("", []),
        };
        if (kind.Length == 0) return;
        var text = string.Join('\n', parts.Select(part => part.Text("text")).Where(part => part is not null));
        if (text.Length == 0) text = response.Text("text") ?? "";
        items.EndUnnamed(kind, text);
    }

    private static void Text(string kind, JsonElement happened, string? whole, ItemTranslator items)
    {
        if (happened.Text("delta") is { } delta)
        {
            items.AppendUnnamed(kind, delta);
        }
        else if (whole is not null)
        {
            // Comes behind its deltas, where there were any.
            items.EndUnnamed(kind, whole);
        }
    }

    private static string Status(string? status) => status switch
    {
        "in_progress" or "in-progress" => "in_progress",
        "completed" or "complete" => "completed",
        _ => "pending",
    };

    private static string Id(JsonElement happened, string fallback) => happened.Text("call_id") ?? fallback;

    private static string CommandOf(JsonElement happened) => happened.Field("command") is { ValueKind: JsonValueKind.Array } words
        ? words.EnumerateArray().Select(word => word.ToString()).ToList() is [_, "-lc" or "-c", var script] ? script : string.Join(' ', words.EnumerateArray())
        : happened.Text("command") ?? "";
}
