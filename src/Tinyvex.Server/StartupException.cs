namespace Tinyvex;

/// <summary>The server cannot start; the message says why and what to do, the code tells the launcher.</summary>
public sealed class StartupException : Exception
{
    public StartupException(ExitCode exitCode, string message, Exception? inner = null) : base(message, inner) => ExitCode = exitCode;

    public ExitCode ExitCode { get; }
}
