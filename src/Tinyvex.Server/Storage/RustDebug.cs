using System.Globalization;
using System.Text;

namespace Tinyvex.Storage;

/// <summary>Strings as Rust's <c>{:?}</c> prints them, https://doc.rust-lang.org/std/primitive.char.html#method.escape_debug.</summary>
internal static class RustDebug
{
    /// <summary>Resolves the escapes of what stands between the quotes; what is no escape stays.</summary>
    public static string Unwrap(string quoted)
    {
        var text = new StringBuilder(quoted.Length);
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] != '\\' || i + 1 == quoted.Length)
            {
                text.Append(quoted[i]);
                continue;
            }

            i++;
            if (quoted[i] == 'u' && quoted.IndexOf('}', i) is > 0 and var end && i + 2 < end && quoted[i + 1] == '{'
                && int.TryParse(quoted.AsSpan(i + 2, end - i - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && Rune.TryCreate(code, out var rune))
            {
                text.Append(rune);
                i = end;
                continue;
            }

            text.Append(quoted[i] switch
            {
                'n' => "\n",
                'r' => "\r",
                't' => "\t",
                '0' => "\0",
                '\\' or '"' or '\'' => quoted[i].ToString(),
                _ => quoted.Substring(i - 1, 2),
            });
        }

        return text.ToString();
    }
}
