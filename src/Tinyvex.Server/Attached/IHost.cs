namespace Tinyvex.Attached;

/// <summary>One who runs agents outside of the server, as far as they are spoken to. But for <see cref="RoomAsync"/> nothing here waits.</summary>
internal interface IHost
{
    /// <summary>Whether it takes nothing any more.</summary>
    bool IsGone { get; }

    /// <summary>Ends once it has read most of what it was sent, or is gone.</summary>
    Task RoomAsync();

    /// <param name="again">Whether the run was told of before, to this host or to the one whose place it takes.</param>
    void RequestRun(HostedRun run, bool again);

    void RequestCancel(HostedRun run);

    void TellAnswer(QuestionAnswer answer);
}
