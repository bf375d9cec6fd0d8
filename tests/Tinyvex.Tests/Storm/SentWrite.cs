namespace Tinyvex.Tests.Storm;

/// <summary>A write as a producer sent it, and what it knows of it.</summary>
/// <param name="producer">Who sent it.</param>
/// <param name="number">Its place among what the producer sent.</param>
/// <param name="threadId">The thread it is about; empty where it makes one.</param>
/// <param name="hasKey">Whether it is sent again until it is answered, and may take effect once only.</param>
internal sealed class SentWrite(string producer, int number, string threadId, bool hasKey)
{
    public string Producer => producer;

    public int Number => number;

    public string ThreadId => threadId;

    public bool HasKey => hasKey;

    /// <summary>The request without its id.</summary>
    public string Fields { get; set; } = "";

    /// <summary>What was answered; a repeat must be answered the same.</summary>
    public string? Answer { get; set; }

    /// <summary>The cursor of its ack; null while there is none.</summary>
    public string? Cursor { get; set; }

    public bool IsAcked => Cursor is not null;

    /// <summary>Whether the server refused it, as a thread was not there.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Whether the server was killed while it was under way, so that the message before it may have been ended by that.</summary>
    public bool CrossedKill { get; set; }
}
