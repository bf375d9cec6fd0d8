using System.Text.Json;

namespace Tinyvex.Cli.Terminal;

/// <summary>Prints a thread's updates as they come: text, thoughts, tool calls with their diffs, the plan.</summary>
internal sealed class TurnPrinter
{
    private const int MaxDiffLines = 12;

    private readonly Dictionary<string, string> _toolStatus = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _toolContent = new(StringComparer.Ordinal);
    private string? _item;
    private string? _lastPlan;

    public void Print(JsonElement update)
    {
        switch (update.GetProperty("stream").GetString())
        {
            case "messages":
                PrintMessage(update);
                break;
            case "tool_calls":
                PrintToolCall(update.GetProperty("row"));
                break;
            case "plan":
                PrintPlan(update.GetProperty("row").GetProperty("entries"));
                break;
        }
    }

    public void EndLine()
    {
        if (_item is not null) Console.WriteLine();
        _item = null;
    }

    private void PrintMessage(JsonElement update)
    {
        if (update.GetProperty("type").GetString() == "tinyvex.finalize")
        {
            EndLine();
            return;
        }

        var item = update.GetProperty("itemId").GetString();
        var role = update.GetProperty("role").GetString();
        if (item != _item)
        {
            EndLine();
            Console.WriteLine();
            if (role == "user") Console.Write(Paint.Bold("> "));
            _item = item;
        }

        var text = update.GetProperty("append").GetString()!;
        Console.Write(role is null ? Paint.Dim(text) : role == "user" ? Paint.Bold(text) : text);
        if (update.TryGetProperty("content", out var blocks))
        {
            foreach (var block in blocks.EnumerateArray()) Console.Write(Paint.Dim($"[{block.GetProperty("type").GetString()}]"));
        }
    }

    private void PrintToolCall(JsonElement row)
    {
        var id = row.GetProperty("toolCallId").GetString()!;
        var status = row.GetProperty("status").GetString() ?? "pending";
        var isNew = !_toolStatus.TryGetValue(id, out var before);
        if (isNew || before != status)
        {
            _toolStatus[id] = status;
            EndLine();
            var mark = status switch { "completed" => Paint.Green("✓"), "failed" => Paint.Red("✗"), _ => Paint.Cyan("•") };
            if (isNew) Console.WriteLine();
            Console.WriteLine($"{mark} {row.GetProperty("title").GetString() ?? id} {Paint.Dim($"({row.GetProperty("kind").GetString()}, {status})")}");
        }

        if (!row.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array) return;
        // An agent repeats a diff when it asks for permission.
        if (_toolContent.GetValueOrDefault(id) == content.GetRawText()) return;
        _toolContent[id] = content.GetRawText();
        foreach (var part in content.EnumerateArray())
        {
            if (part.GetProperty("type").GetString() == "diff") PrintDiff(part);
        }
    }

    private static void PrintDiff(JsonElement diff)
    {
        var before = Lines(diff, "oldText");
        var after = Lines(diff, "newText");
        var start = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var end = before.Skip(start).Reverse().Zip(after.Skip(start).Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        Console.WriteLine(Paint.Dim($"  {diff.GetProperty("path").GetString()}"));
        foreach (var line in before[start..^end].Take(MaxDiffLines)) Console.WriteLine(Paint.Red("  - " + line));
        foreach (var line in after[start..^end].Take(MaxDiffLines)) Console.WriteLine(Paint.Green("  + " + line));
        var hidden = Math.Max(0, before.Length - start - end - MaxDiffLines) + Math.Max(0, after.Length - start - end - MaxDiffLines);
        if (hidden > 0) Console.WriteLine(Paint.Dim($"  … {hidden} more lines"));
    }

    private static string[] Lines(JsonElement diff, string field) =>
        diff.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()!.TrimEnd('\n').Split('\n') : [];

    private void PrintPlan(JsonElement entries)
    {
        var plan = string.Join('\n', entries.EnumerateArray().Select(entry =>
        {
            var text = entry.GetProperty("content").GetString()!;
            return entry.GetProperty("status").GetString() switch
            {
                "completed" => Paint.Green("  ☑ ") + Paint.Dim(text),
                "in_progress" => Paint.Cyan("  ▸ ") + text,
                _ => "  ☐ " + text,
            };
        }));
        if (plan == _lastPlan) return;
        _lastPlan = plan;
        EndLine();
        Console.WriteLine();
        Console.WriteLine(plan);
    }
}
