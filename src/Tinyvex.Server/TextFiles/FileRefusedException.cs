namespace Tinyvex.TextFiles;

/// <summary>A file that an agent asked for is not given, or not written. The message is for the agent.</summary>
internal sealed class FileRefusedException(string message, bool isMissing = false) : Exception(message)
{
    /// <summary>Whether there is just no such file.</summary>
    public bool IsMissing => isMissing;
}
