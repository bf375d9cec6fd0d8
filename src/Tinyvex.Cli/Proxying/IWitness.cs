namespace Tinyvex.Cli.Proxying;

/// <summary>Who sees what passes. Called by the two pumps, each on a thread of its own; no call waits or throws.</summary>
internal interface IWitness
{
    /// <summary>Whether a line of the editor may be an answer that is not simply passed on.</summary>
    bool WaitsForAnswer { get; }

    void AgentSaid(CutLine line);

    void EditorSaid(CutLine line);

    /// <summary>Takes a line of the editor where it answers a question of the agent; who takes it sees to the agent's answer.</summary>
    bool TryTakeAnswer(byte[] line);
}
