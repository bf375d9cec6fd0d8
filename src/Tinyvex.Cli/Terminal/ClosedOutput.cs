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
}
