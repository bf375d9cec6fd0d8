using System.Text.Json.Nodes;

namespace Tinyvex.Cli.Turns;

/// <summary>A prompt and where it goes.</summary>
internal sealed record TurnRequest
{
    public required string Prompt { get; init; }

    /// <summary>The agent; null leaves it to the thread, or to the server.</summary>
    public string? Agent { get; init; }

    /// <summary>The thread; null makes a new one.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Where the agent works; null leaves it as the thread has it.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What the thread's agent may do without asking, by its name; null leaves it as it is.</summary>
    public string? Policy { get; init; }

    public JsonObject ToJson()
    {
        var submit = new JsonObject { ["control"] = "run.submit", ["id"] = "submit", ["text"] = Prompt };
        if (Agent is not null) submit["agent"] = Agent;
        if (ThreadId is not null) submit["threadId"] = ThreadId;
        if (WorkingDirectory is not null) submit["workingDirectory"] = WorkingDirectory;
        if (Policy is not null) submit["policy"] = Policy;
        return submit;
    }
}
