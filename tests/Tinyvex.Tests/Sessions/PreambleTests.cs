using System.Text;
using System.Text.Json;
using Tinyvex.Sessions;
using Tinyvex.Tests.Writing;

namespace Tinyvex.Tests.Sessions;

/// <summary>What an agent is told of a conversation that it does not know.</summary>
public class PreambleTests
{
    private static async Task<string?> ReadAsync(WriterStage stage, long before = long.MaxValue)
    {
        string? text = null;
        await stage.InspectAsync(store =>
        {
            if (Preamble.Read(store, "t", before) is { } block) text = JsonDocument.Parse(block).RootElement.GetProperty("text").GetString();
        });
        return text;
    }

    [Test]
    public async Task It_has_what_was_said_and_done_in_its_order_and_no_thoughts()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync(
            "t", WriterStage.Chunk("Fix it", "user_message_chunk"), WriterStage.Chunk("Hm.", "agent_thought_chunk"),
            WriterStage.Tool("c1", "\"title\":\"Edit a.js\",\"status\":\"completed\""), WriterStage.Chunk("Done."), WriterStage.Chunk("Thanks", "user_message_chunk"));

        await Assert.That(await ReadAsync(stage)).EndsWith("\n\nUser: Fix it\n\nTool call: Edit a.js (completed)\n\nYou: Done.\n\nUser: Thanks\n\n");
        await Assert.That(await ReadAsync(stage, before: 5)).EndsWith("You: Done.\n\n");
        await Assert.That(await ReadAsync(stage, before: 1)).IsNull();
    }

    [Test]
    public async Task Of_much_it_keeps_the_newest_and_says_so()
    {
        await using var stage = new WriterStage();
        stage.Start();
        for (var i = 0; i < 60; i++) await stage.IngestAsync("t", WriterStage.Chunk($"{i}: " + new string('é', 500), i % 2 == 0 ? "user_message_chunk" : "agent_message_chunk"));
        var text = (await ReadAsync(stage))!;

        await Assert.That(Encoding.UTF8.GetByteCount(text)).IsBetween(Preamble.MaxBytes - 300, Preamble.MaxBytes + 300);
        await Assert.That(text).Contains("its beginning is left out").And.Contains("You: 59: éé").And.DoesNotContain("User: 0: é").And.DoesNotContain("\uFFFD");
    }

    [Test]
    public async Task The_end_of_a_message_that_is_too_long_by_itself_is_kept()
    {
        await using var stage = new WriterStage();
        stage.Start();
        await stage.IngestAsync("t", WriterStage.Chunk("forgotten", "user_message_chunk"), WriterStage.Chunk(new string('x', 2 * Preamble.MaxBytes) + " last"));
        var text = (await ReadAsync(stage))!;
        await Assert.That(text).Contains("You: …xxx").And.EndsWith("x last\n\n").And.DoesNotContain("forgotten");
    }
}
