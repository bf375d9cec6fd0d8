using Microsoft.Win32.SafeHandles;

namespace Tinyvex.Cli.Terminal;

/// <summary>Standard output: its width, and its end.</summary>
internal static class Screen
{
    /// <summary>Columns of the terminal; null where stdout is none.</summary>
    public static int? Width => Console.IsOutputRedirected ? null : Console.WindowWidth is > 0 and var width ? width : 80;

    /// <summary>
    /// Lets a write fail once nobody reads any more (<c>tinyvex watch | head -1</c>); the framework's own stream passes over that, and
    /// the program would go on for nobody.
    /// </summary>
    public static void FailWhenClosed()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return;
        var stdout = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file has no reader that goes; and here a second stream would keep a place of its own in it.
        if (stdout.CanSeek) return;
        Console.SetOut(TextWriter.Synchronized(new StreamWriter(stdout) { AutoFlush = true }));
    }

    /// <summary>Whether a write failed because the reader of our output is gone (EPIPE).</summary>
    public static bool IsClosed(IOException failure) => failure.HResult == 32;
}
