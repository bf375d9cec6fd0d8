namespace Tinyvex.Tests.Support;

/// <summary>Unix permissions of a file, in octal digits; on Windows, where access lists rule, as wanted everywhere.</summary>
internal static class Permissions
{
    public static string Of(string path) =>
        OperatingSystem.IsWindows() ? Directory.Exists(path) ? "700" : "600" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    public static void LetEverybodyIn(string path)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
    }
}
