using System.Text.Json;
using Tinyvex.Attached;

namespace Tinyvex.Requests;

/// <summary>Who sends requests and is answered: a WebSocket, or the lines of the program that started the server.</summary>
internal interface IRequester
{
    /// <summary>For the log; 0 where there is but one.</summary>
    long Number { get; }

    /// <summary>Who writes: <c>client</c>, with the name that it gave itself where it did.</summary>
    string Author { get; }

    /// <summary>What it is as one that runs agents.</summary>
    IHost Host { get; }

    /// <summary>What it is as one that subscribes; null where it cannot.</summary>
    ISubscriber? Subscriber { get; }

    /// <param name="here">Whether the answer may be sent on this thread.</param>
    void Answer(ReadOnlyMemory<byte>? id, Action<Utf8JsonWriter> write, bool here = false);

    /// <summary>Answers with a finished frame.</summary>
    void AnswerFrame(ReadOnlyMemory<byte>? id, ReadOnlyMemory<byte> frame);

    void Refuse(ReadOnlyMemory<byte>? id, TinyvexException error);

    /// <summary>Refuses what is no request at all, or one whose id cannot be read.</summary>
    void RefuseUnread(TinyvexException error);

    /// <summary>Whether it hears of a write that is refused, and can send it again.</summary>
    bool HearsOf(ReadOnlyMemory<byte>? id);

    /// <summary>Takes one of its writes in flight; waits while all are taken.</summary>
    Task BeginWriteAsync();

    void EndWrite();
}
