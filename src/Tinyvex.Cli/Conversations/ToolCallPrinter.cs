using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Prints a tool call: a line for how it stands, and what it changed and put out.</summary>
/// <param name="screen">Where to.</param>
/// <param name="directory">Where the agent works; paths below it are printed without it.</param>
internal sealed class ToolCallPrinter(Screen screen, string? directory)
{
    /// <summary>Where agents keep what a command wrote, when it is not in the content.</summary>
    private static readonly string[] OutputFields = ["formatted_output", "stdout", "output"];

    /// <summary>A call that took less says nothing of time.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(1);

    private readonly DiffPrinter _diffs = new(screen, directory);
    private readonly OutputPrinter _output = new(screen);

    public void PrintLine(ToolCall call)
    {
        var mark = call.Status switch { "completed" => screen.Green("✓"), "failed" => screen.Red("✗"), _ => screen.Cyan("•") };
        var facts = new List<string>();
        if (call.Kind is not null and not "other") facts.Add(Printable.Line(call.Kind));
        if (call.Status == "failed") facts.Add("failed");
        if (call.HasEnded && call.Took >= WorthTelling) facts.Add(Duration.Text(call.Took));
        screen.WriteLine($"{mark} {Printable.Line(call.Title)}{(facts.Count > 0 ? screen.Dim($" ({string.Join(", ", facts)})") : "")}");
    }

    /// <summary>What it changed and put out, as far as it was not printed yet.</summary>
    public void PrintContent(ToolCall call)
    {
        if (!PrintParts(call) && call is { Kind: "execute", RawOutput: { } raw } && Output(raw) is { Length: > 0 } output) _output.Print(output);
    }

    /// <summary>The diffs and texts of its content that were not printed yet; false where there are none.</summary>
    public bool PrintParts(ToolCall call)
    {
        if (call.Content is not { ValueKind: JsonValueKind.Array } content) return false;
        var printed = false;
        foreach (var part in content.EnumerateArray()) printed |= IsShown(part) && call.IsNews(part) && PrintPart(part);
        return printed;
    }

    private static bool IsShown(JsonElement part) => part.Text("type") is "diff" or "content";

    private bool PrintPart(JsonElement part)
    {
        if (part.Text("type") == "diff")
        {
            _diffs.Print(part);
            return true;
        }

        if (!part.TryGetProperty("content", out var block)) return false;
        if (block.Text("text") is { } text) _output.Print(text);
        else screen.WriteLine(screen.Dim($"    [{Printable.Line(block.Text("type") ?? "?")}]"));
        return true;
    }

    private static string? Output(JsonElement raw) =>
        raw.ValueKind == JsonValueKind.String ? raw.GetString() : OutputFields.Select(field => raw.Text(field)).FirstOrDefault(text => text is not null);
}
