using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Tinyvex.Admission;

/// <summary>
/// Who may speak to the server at all: checks <c>Host</c> and <c>Origin</c>, so that no web page the user happens to visit can
/// reach it, and then the token.
/// </summary>
internal sealed class Gate(TinyvexOptions options)
{
    private const string Bearer = "Bearer ";

    private static readonly System.Buffers.SearchValues<char> NotInOrigin = System.Buffers.SearchValues.Create("/@?#\\ ");

    /// <summary>Why a request is refused, naming the option that would allow it; null where it is not.</summary>
    public string? Refusal(IHeaderDictionary headers, IPAddress? localAddress)
    {
        var host = headers.Host;
        if (host.Count != 1 || !HostAllowed(host[0]!, localAddress))
        {
            return $"The Host header '{Shown(host)}' is not one of this server's names. Start it with --allow-host NAME to allow it.";
        }

        var origin = headers.Origin;
        if (origin.Count == 0 || (origin.Count == 1 && OriginAllowed(origin[0]!, host[0]!))) return null;
        return $"The Origin header '{Shown(origin)}' is not allowed. Start the server with --allow-origin ORIGIN to allow it.";
    }

    /// <summary>Whether one of the places that may carry a token carries the right one.</summary>
    public bool HasToken(IHeaderDictionary headers, IEnumerable<string> subprotocols, string? queryToken)
    {
        if (options.Token is not { } expected) return true;
        var authorization = headers.Authorization;
        if (authorization.Count == 1 && authorization[0]!.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && AccessToken.Matches(expected, authorization[0]![Bearer.Length..].Trim())) return true;
        foreach (var entry in subprotocols)
        {
            if (entry.StartsWith(AccessToken.SubprotocolPrefix, StringComparison.Ordinal)
                && AccessToken.Matches(expected, entry[AccessToken.SubprotocolPrefix.Length..])) return true;
        }

        return queryToken is not null && AccessToken.Matches(expected, queryToken);
    }

    private bool HostAllowed(string host, IPAddress? localAddress)
    {
        var name = HostName(host);
        if (IsLoopbackName(name)) return true;
        if (IPAddress.TryParse(name, out var literal) && IsCanonical(name, literal) && localAddress is not null && literal.Equals(Unmapped(localAddress))) return true;
        foreach (var allowed in options.AllowedHosts)
        {
            if (string.Equals(name, allowed, StringComparison.OrdinalIgnoreCase) || string.Equals(host, allowed, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private bool OriginAllowed(string origin, string host)
    {
        foreach (var allowed in options.AllowedOrigins)
        {
            if (string.Equals(origin, allowed, StringComparison.OrdinalIgnoreCase)) return true;
            if (allowed.EndsWith("://*", StringComparison.Ordinal) && origin.StartsWith(allowed[..^1], StringComparison.OrdinalIgnoreCase)) return true;
        }

        if (string.Equals(origin, "tauri://localhost", StringComparison.OrdinalIgnoreCase)) return true;
        var isHttp = origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        if (!isHttp && !origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) return false;
        var authority = origin[(isHttp ? 7 : 8)..];
        // An origin has no path and no user; what looks like one is none.
        if (authority.AsSpan().ContainsAny(NotInOrigin)) return false;
        return authority.Equals("tauri.localhost", StringComparison.OrdinalIgnoreCase)
            || authority.Equals(host, StringComparison.OrdinalIgnoreCase)
            || IsLoopbackName(HostName(authority));
    }

    private static bool IsLoopbackName(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(name, out var literal) && IPAddress.IsLoopback(literal) && IsCanonical(name, literal));

    /// <summary>Forms such as 127.1 or 0x7f.1 are numbers to some and names to others; only the plain form counts.</summary>
    private static bool IsCanonical(string name, IPAddress literal) => string.Equals(name, literal.ToString(), StringComparison.OrdinalIgnoreCase);

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The host without its port, and without the brackets of an IPv6 literal.</summary>
    private static string HostName(string authority)
    {
        if (authority.StartsWith('['))
        {
            var end = authority.IndexOf(']', StringComparison.Ordinal);
            return end < 0 || (end + 1 < authority.Length && !IsPort(authority.AsSpan(end + 1))) ? authority : authority[1..end];
        }

        var colon = authority.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && IsPort(authority.AsSpan(colon)) ? authority[..colon] : authority;
    }

    private static bool IsPort(ReadOnlySpan<char> text) => text is [':', .. var digits] && !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9');

    private static string Shown(StringValues values)
    {
        var text = values.ToString();
        return text.Length > 200 ? text[..200] : text;
    }
}
