using System.Text;
using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.CodexExec;
using Tinyvex.Replaying;

namespace Tinyvex.Tests.CodexExec;

/// <summary>What becomes of the events of codex.</summary>
internal sealed class Translation
{
    public required EventTranslator Events { get; init; }

    /// <summary>The updates, in their order.</summary>
    public required IReadOnlyList<JsonElement> Updates { get; init; }

    public string? Thread { get; private set; }

    public static Translation Of(params string[] lines)
    {
        using var output = new MemoryStream();
        var thread = default(string);
        EventTranslator events;
        using (var writer = new MessageWriter(output))
        {
            events = new EventTranslator(new UpdateWriter(writer, "s"), new FileChanges(new Rollout(null)), named => thread = named);
            foreach (var line in lines)
            {
                using var document = JsonDocument.Parse(line);
                events.Handle(document.RootElement);
            }

            events.EndOpenCalls();
        }

        var updates = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("params").GetProperty("update")).ToList();
        return new Translation { Events = events, Updates = updates, Thread = thread };
    }

    /// <summary>The texts of one kind, a message a line: its chunks with a bar between them.</summary>
    public string Texts(string kind) => string.Join('\n', Updates.Where(update => update.Text("sessionUpdate") == kind)
        .GroupBy(update => update.Text("messageId")).Select(message => string.Join('|', message.Select(update => update.GetProperty("content").Text("text")))));

    /// <summary>The calls: for each update its title, kind and status, where it has them.</summary>
    public string Calls() => string.Join('\n', Updates.Where(update => update.Text("sessionUpdate")!.StartsWith("tool_call", StringComparison.Ordinal))
        .Select(update => $"{(update.Text("sessionUpdate") == "tool_call" ? "+" : " ")} {update.Text("title")} {update.Text("kind")} {update.Text("status")}"));

    public string Plan() => string.Join('\n', Updates.Last(update => update.Text("sessionUpdate") == "plan").GetProperty("entries").EnumerateArray()
        .Select(entry => $"{entry.Text("content")}: {entry.Text("status")}"));
}
