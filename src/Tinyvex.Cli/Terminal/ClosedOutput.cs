using Microsoft.Win32.SafeHandles;
using Tinyvex.Guarding;

namespace Tinyvex.Cli.Terminal;

/// <summary>Tells when nobody reads stdout any more, as behind <c>| head -1</c>: the console passes over a broken pipe in silence.</summary>
internal static unsafe class ClosedOutput
{
    private const int Stdout = 1;

    /// <summary>On Windows this cannot be asked; there a command goes on to its end.</summary>
    public static bool IsClosed()
    {
        if (OperatingSystem.IsWindows()) return false;
        var stdout = new PollFd { Fd = Stdout };
        return LibC.Poll(&stdout, 1, 0) > 0 && stdout.Has(LibC.PollErr | LibC.PollHup);
    }

    /// <summary>Lets a write fail once nobody reads, where the console would pass over that and the program go on for nobody.</summary>
    public static void EndWrites()
    {
        if (Pipe() is { } stdout) Console.SetOut(TextWriter.Synchronized(new StreamWriter(stdout) { AutoFlush = true }));
    }

    /// <summary>Our output, where it can be as one whose writes fail once nobody reads.</summary>
    public static Stream Open() => Pipe() ?? Console.OpenStandardOutput();

    private static FileStream? Pipe()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return null;
        var stdout = new FileStream(new SafeFileHandle(Stdout, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file has no reader that goes; and here a second stream would keep a place of its own in it.
        return stdout.CanSeek ? null : stdout;
    }

    /// <summary>Whether a write failed because the reader of our output is gone (EPIPE).</summary>
    public static bool Explains(IOException failure) => failure.HResult == 32;
}
