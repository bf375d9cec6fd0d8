using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tinyvex.Cli.Terminal;

/// <summary>JSON for programs, one object a line.</summary>
internal static class JsonLines
{
    public static void Print(JsonElement row) => Console.WriteLine(Safe(row.GetRawText()));

    public static void Print(JsonObject row) => Console.WriteLine(row.ToJsonString());

    /// <summary>
    /// The same JSON on one line, and with the control characters escaped that JSON lets pass: on a terminal they would act. They
    /// stand in strings alone, and line ends between the parts alone, so nothing is lost.
    /// </summary>
    public static string Safe(string json)
    {
        if (!json.AsSpan().ContainsAny('\n', '\r') && !json.AsSpan().ContainsAnyInRange('\x7f', '\x9f') && !json.AsSpan().ContainsAnyInRange('\u202a', '\u2069')) return json;
        var safe = new StringBuilder(json.Length + 16);
        foreach (var c in json)
        {
            if (c is '\n' or '\r') safe.Append(' ');
            else if (c is (>= '\x7f' and <= '\x9f') or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')) safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else safe.Append(c);
        }

        return safe.ToString();
    }
}
