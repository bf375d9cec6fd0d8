using System.Text;
using Tinyvex.Acp;

namespace Tinyvex.Tests.Acp;

/// <summary>What is the same in the chunks of a message.</summary>
public class ChunkTemplateTests
{
    [Test]
    [Arguments("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"a\n\"ä\u00e9😀"},"_meta":{"n":[1, 2]}}""", "a\n\"äé😀")]
    [Arguments("""{ "content" : { "text" : "" , "type" : "text", "annotations": null } , "messageId" : "m", "sessionUpdate":"agent_thought_chunk" }""", "")]
    public async Task It_is_filled_with_a_text_and_gives_it_back(string raw, string text)
    {
        var (template, found) = ChunkTemplate.Of(Encoding.UTF8.GetBytes(raw))!.Value;
        await Assert.That(Encoding.UTF8.GetString(found.Span)).IsEqualTo(text);

        var (again, filled) = ChunkTemplate.Of(template.Fill("x\\\"\0\u2028€"u8))!.Value;
        await Assert.That(again.IsSameAs(template)).IsTrue();
        await Assert.That(Encoding.UTF8.GetString(filled.Span)).IsEqualTo("x\\\"\0\u2028€");
    }

    [Test]
    [Arguments("""{"sessionUpdate":"agent_message_chunk","content":{"type":"image","data":"","mimeType":"image/png"}}""")]
    [Arguments("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"half \ud83d"}}""")]
    [Arguments("""{"sessionUpdate":"agent_message_chunk"}""")]
    public async Task What_is_no_text_or_is_kept_in_its_JSON_alone_has_none(string raw) =>
        await Assert.That(ChunkTemplate.Of(Encoding.UTF8.GetBytes(raw))).IsNull();
}
