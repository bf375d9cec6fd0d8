using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Tinyvex.Cli.Terminal;

/// <summary>Escape sequences and UTF-8 have to be asked for on Windows; elsewhere they are there.</summary>
internal static partial class WindowsConsole
{
    private const int StdOutputHandle = -11;
    private const int StdErrorHandle = -12;
    private const uint EnableVirtualTerminalProcessing = 0x4;

    /// <summary>Asks for both; false where the terminal understands no escape sequences.</summary>
    public static bool Prepare()
    {
        if (!OperatingSystem.IsWindows()) return true;
        Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return Enable(StdOutputHandle) | Enable(StdErrorHandle);
    }

    [SupportedOSPlatform("windows")]
    private static bool Enable(int stream)
    {
        var handle = GetStdHandle(stream);
        return GetConsoleMode(handle, out var mode) && SetConsoleMode(handle, mode | EnableVirtualTerminalProcessing);
    }

    [SupportedOSPlatform("windows")]
    [LibraryImport("kernel32", EntryPoint = "GetStdHandle")]
    private static partial nint GetStdHandle(int stream);

    [SupportedOSPlatform("windows")]
    [LibraryImport("kernel32", EntryPoint = "GetConsoleMode")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetConsoleMode(nint handle, out uint mode);

    [SupportedOSPlatform("windows")]
    [LibraryImport("kernel32", EntryPoint = "SetConsoleMode")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleMode(nint handle, uint mode);
}
