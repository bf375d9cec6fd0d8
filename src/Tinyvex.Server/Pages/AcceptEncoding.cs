using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Tinyvex.Pages;

/// <summary>The header <c>Accept-Encoding</c> (RFC 9110, 12.5.3), as far as gzip goes.</summary>
internal static class AcceptEncoding
{
    /// <summary>Whether a client takes gzip. One that says nothing may not know what it is.</summary>
    public static bool TakesGzip(StringValues header)
    {
        bool? takesAny = null;
        foreach (var entry in header.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Equals("gzip", StringComparison.OrdinalIgnoreCase) || parts[0].Equals("x-gzip", StringComparison.OrdinalIgnoreCase)) return IsWanted(parts);
            if (parts[0] == "*") takesAny = IsWanted(parts);
        }

        return takesAny ?? false;
    }

    /// <summary>A weight of zero means "not this one".</summary>
    private static bool IsWanted(string[] parts)
    {
        foreach (var parameter in parts.AsSpan(1))
        {
            if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
            {
                return double.TryParse(parameter.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight > 0;
            }
        }

        return true;
    }
}
