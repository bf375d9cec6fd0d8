namespace Tinyvex.Cli.Proxying;

/// <summary>A prompt of the editor and what comes of it.</summary>
/// <param name="prompt">Its content blocks as they were sent.</param>
internal sealed class ProxiedTurn(ProxiedSession session, JsonSlice prompt)
{
    public ProxiedSession Session { get; } = session;

    /// <summary>Until the server has it, once for all of its runs.</summary>
    public JsonSlice Prompt { get; set; } = prompt;

    /// <summary>The agent's answer, where it came before that to the prompt ahead of it.</summary>
    public (JsonSlice Result, JsonSlice Error)? EarlyEnd { get; set; }

    /// <summary>The run of the server that stands for it; another one after a server that ended in the middle of it.</summary>
    public string? RunId { get; set; }

    /// <summary>Messages of it that could not be stored. This and what is about runs is the recorder's alone.</summary>
    public int Missing { get; set; }

    /// <summary>Whether its run was ended early, because of a hole in the recording.</summary>
    public bool IsGivenUp { get; set; }
}
