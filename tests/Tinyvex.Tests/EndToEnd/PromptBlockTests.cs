using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Prompts with more than text in them, and agents that do not take all of it.</summary>
public class PromptBlockTests
{
    private const string Image = """{"type":"image","mimeType":"image/png","data":"AAAA"}""";
    private const string Audio = """{"type":"audio","mimeType":"audio/wav","data":"AAAA"}""";
    private const string Blob = """{"type":"resource","resource":{"uri":"file:///a.bin","blob":"AAAA"}}""";
    private const string File = """{"type":"resource","resource":{"uri":"file:///a.md","text":"What it \"says\""}}""";
    private const string Link = """{"type":"resource_link","uri":"file:///b.md","name":"b.md"}""";

    private static Task<JsonElement> SubmitAsync(AgentStage stage, string blocks) => stage.Client.RequestAsync($"\"control\":\"run.submit\",\"prompt\":[{blocks}]");

    private static async Task<JsonElement> RunAsync(AgentStage stage, string blocks) =>
        await stage.EndAsync((await SubmitAsync(stage, blocks)).GetProperty("runId").GetString()!);

    [Test]
    [Arguments(Image, "images")]
    [Arguments(Audio, "audio")]
    [Arguments(Blob, "files")]
    public async Task What_the_agent_does_not_take_is_refused_and_at_once_when_that_is_known(string block, string what)
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var run = await RunAsync(stage, block);
        var refused = await SubmitAsync(stage, block);

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("failed");
        await Assert.That(run.GetProperty("error").GetProperty("code").GetString()).IsEqualTo("unsupported");
        await Assert.That(run.GetProperty("error").GetProperty("message").GetString()).StartsWith("agent 'agent' takes no " + what);
        await Assert.That(refused.GetProperty("code").GetString()).IsEqualTo("unsupported");
        await Assert.That(stage.Calls("session/prompt")).IsEmpty();
    }

    [Test]
    public async Task What_it_takes_reaches_it_as_it_is()
    {
        await using var stage = await AgentStage.ScriptAsync("can({ promptCapabilities: { image: true, audio: true, embeddedContext: true } });");
        var blocks = string.Join(',', Image, Audio, Blob, File, Link, """{"type":"quantum","flux":1,"_meta":{"a":1}}""");
        await RunAsync(stage, blocks);
        await Assert.That(stage.Calls("session/prompt")[0].GetProperty("prompt").GetRawText()).IsEqualTo($"[{blocks}]");
    }

    [Test]
    public async Task The_text_of_a_file_becomes_text_for_one_that_takes_no_files_and_is_stored_as_it_was_sent()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var run = await RunAsync(stage, File + "," + Link);
        var prompt = stage.Calls("session/prompt")[0].GetProperty("prompt");
        var message = (await stage.RowsAsync("messages.list", run.GetProperty("threadId").GetString()!))[0];

        await Assert.That(prompt[0].GetProperty("text").GetString()).IsEqualTo("<context ref=\"file:///a.md\">\nWhat it \"says\"\n</context>\n");
        await Assert.That(prompt[1].GetProperty("type").GetString()).IsEqualTo("resource_link");
        await Assert.That(message.GetProperty("content")[0].GetProperty("type").GetString()).IsEqualTo("resource");
    }
}
