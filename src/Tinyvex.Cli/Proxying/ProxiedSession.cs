namespace Tinyvex.Cli.Proxying;

/// <summary>A session of the agent, by what passed of it. One agent may have several.</summary>
internal sealed class ProxiedSession(string id)
{
    /// <summary>The agent's own id.</summary>
    public string Id { get; } = id;

    public string? WorkingDirectory { get; set; }

    /// <summary>The turn under way.</summary>
    public ProxiedTurn? Turn { get; set; }

    /// <summary>Prompts that the editor sent while a turn was under way; agents take them one after the other, as a rule.</summary>
    public Queue<ProxiedTurn> Waiting { get; } = new();

    /// <summary>Whether the agent tells anew what was said before.</summary>
    public bool IsLoading { get; set; }

    /// <summary>Its thread, once the server has named it. This and what follows is the recorder's alone.</summary>
    public string? ThreadId { get; set; }

    /// <summary>Whether a client has deleted the thread: what is said until the next prompt is not wanted.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Whether the thread held messages before this session was opened, and so all that is told anew.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether a refusal was told of on stderr: an agent that says one wrong thing may say it by the thousand.</summary>
    public bool HasComplained { get; set; }
}
