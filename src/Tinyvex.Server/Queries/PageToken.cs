using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tinyvex.Queries;

/// <summary>
/// A place in a list, by the key of its last row, so that every page costs the same and rows that arrive meanwhile shift nothing.
/// Opaque to clients: base64url of the list's name, two numbers and a text, of which a list uses what its key has.
/// </summary>
internal readonly record struct PageToken(long First, long Second = 0, string Text = "")
{
    public string Encode(string list) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{list}\n{First}\n{Second}\n{Text}")));

    /// <exception cref="TinyvexException"><c>bad_request</c>: it is no token of this list.</exception>
    public static PageToken Decode(string list, string token)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('\n', 4);
            if (parts.Length == 4 && parts[0] == list && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var first)
                && long.TryParse(parts[2], CultureInfo.InvariantCulture, out var second))
            {
                return new PageToken(first, second, parts[3]);
            }
        }
        catch (FormatException)
        {
            // Told below, like a token of another list.
        }

        throw Bad(list);
    }

    public static TinyvexException Bad(string list) => TinyvexException.BadRequest($"'page' must be the 'nextPage' of an earlier {list} answer");
}
