using System.Globalization;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>The output of a tool of Codex: text that begins with how the command ended, or, of older ones, JSON with the same.</summary>
internal static class CodexOutput
{
    private const string Exited = "Process exited with code ", Output = "Output:\n";

    /// <summary>Whether it says that it failed.</summary>
    /// <param name="text">The whole of it; then what was printed alone.</param>
    public static bool Failed(ref string text)
    {
        if (text.StartsWith('{') && OfJson(text) is { } old)
        {
            text = old.Output;
            return old.Code != 0;
        }

        if (text.StartsWith("apply_patch verification failed", StringComparison.Ordinal)) return true;
        var printed = text.IndexOf(Output, StringComparison.Ordinal);
        var head = printed < 0 ? text : text[..printed];
        var at = head.IndexOf(Exited, StringComparison.Ordinal);
        if (at < 0) return false;
        var code = head.AsSpan(at + Exited.Length);
        var failed = int.TryParse(code[..(code.IndexOf('\n') is >= 0 and var end ? end : code.Length)].Trim(), CultureInfo.InvariantCulture, out var exited) && exited != 0;
        if (printed >= 0) text = text[(printed + Output.Length)..];
        return failed;
    }

    private static (string Output, long Code)? OfJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.Text("output") is { } output && root.TryGetProperty("metadata"u8, out var metadata) && metadata.Number("exit_code") is { } code ? (output, code) : null;
        }
        catch (JsonException)
        {
            // It only looks like it.
            return null;
        }
    }
}
