using System.Security.Cryptography;
using System.Text;

namespace Tinyvex.Admission;

/// <summary>The token that opens the socket (docs/protocol.md, "Authentication").</summary>
internal static class AccessToken
{
    public const int MinLength = 22;

    /// <summary>Subprotocol entries with this prefix carry a token; browsers can set no header.</summary>
    public const string SubprotocolPrefix = "tinyvex.token.";

    public static bool IsWellFormed(string token)
    {
        if (token.Length < MinLength) return false;
        foreach (var c in token)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '~' or '-')) return false;
        }

        return true;
    }

    /// <summary>A new token of 256 random bits.</summary>
    public static string Make()
    {
        Span<byte> bytes = stackalloc byte[32];
        if (OperatingSystem.IsWindows())
        {
            RandomNumberGenerator.Fill(bytes);
        }
        else
        {
            // The framework's generator would load OpenSSL for these 32 bytes; this is where it gets its own.
            using var random = new FileStream("/dev/urandom", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            random.ReadExactly(bytes);
        }

        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    /// <summary>Compares in a time that tells nothing of where two tokens differ. Their length is no secret.</summary>
    public static bool Matches(string expected, string given) =>
        expected.Length == given.Length && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
