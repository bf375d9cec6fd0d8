using System.Text.Json;
using Tinyvex.Attached;

namespace Tinyvex.Connections;

/// <summary>Who sends requests and is answered: a WebSocket, or the lines of the program that started the server.</summary>
internal interface IRequester
{
    /// <summary>For the log; 0 where there is but one.</summary>
    long Number { get; }

    /// <summary>What it is as one that runs agents.</summary>
    IHost Host { get; }

    /// <summary>What it is as one that subscribes; null where it cannot.</summary>
    Connection? Subscriber { get; }

    /// <param name="here">Whether the answer may be sent on this thread.</param>
    void Answer(ReadOnlyMemory<byte>? id, Action<Utf8JsonWriter> write, bool here = false);

    /// <summary>Answers with a finished frame.</summary>
    void AnswerFrame(ReadOnlyMemory<byte>? id, ReadOnlyMemory<byte> frame);

    void Refuse(ReadOnlyMemory<byte>? id, TinyvexException error);

    /// <summary>Takes one of its writes in flight; waits while all are taken.</summary>
    Task BeginWriteAsync();

    void EndWrite();
}
