namespace Tinyvex.Attached;

/// <summary>
/// The place of a host: an agent that it attached, or, for turns under no such name, the host's own. It outlives its host by the grace, so
/// that one that comes back finds its runs. All of it is guarded by the lock of <see cref="AttachedAgents"/>.
/// </summary>
/// <param name="name">The agent; null for a host's own.</param>
internal sealed class Seat(string? name)
{
    public string? Name { get; } = name;

    public string Title { get; set; } = name ?? "";

    /// <summary>Null during the grace.</summary>
    public IHost? Host { get; set; }

    public List<HostedRun> Runs { get; } = [];

    /// <summary>Questions that wait for an answer.</summary>
    public Dictionary<string, AskedQuestion> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers that came during the grace.</summary>
    public List<QuestionAnswer> Untold { get; } = [];

    public ITimer? Grace { get; set; }

    /// <summary>Ends with the next change of who sits here, the last of which is that nobody will.</summary>
    public TaskCompletionSource Changed { get; private set; } = New();

    /// <summary>Wakes those who wait for a host.</summary>
    public void Change()
    {
        var changed = Changed;
        Changed = New();
        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
