using System.Text.Json;

namespace Tinyvex.Cli.Proxying;

/// <summary>What the agent asks of a person, and waits for.</summary>
/// <param name="id">Its id as the agent wrote it.</param>
/// <param name="turn">Null where the agent asks outside of a turn.</param>
internal abstract class Question(JsonSlice id, ProxiedSession session, ProxiedTurn? turn)
{
    public JsonSlice Id { get; } = id;

    /// <summary>By which an answer finds it.</summary>
    public string Key { get; } = id.ToString();

    public ProxiedSession Session { get; } = session;

    public ProxiedTurn? Turn { get; } = turn;

    /// <summary>The editor's answer while the store is asked whether it is the first.</summary>
    public byte[]? EditorLine { get; set; }

    /// <summary>Ends the wait for the store; kept, as one that nobody holds is collected.</summary>
    public ITimer? Patience { get; set; }

    /// <summary>Whether the agent has its answer.</summary>
    public bool IsDecided { get; set; }

    /// <summary>Whether that is somebody else's than the editor's.</summary>
    public bool IsDecidedByStore { get; set; }

    /// <summary>Its row at the server, once there is one. This and what follows is the recorder's alone.</summary>
    public string? RequestId { get; set; }

    /// <summary>The run that it was asked in.</summary>
    public string? RunId { get; set; }

    /// <summary>Under which it is asked once, however often that is sent.</summary>
    public string? AskKey { get; set; }

    public abstract int Weight { get; }

    /// <summary>The server's request for it.</summary>
    public abstract string AskControl { get; }

    /// <summary>The server's request that answers it.</summary>
    public abstract string AnswerControl { get; }

    /// <summary>The server's query for what became of those of its kind.</summary>
    public abstract string Query { get; }

    /// <summary>As an answer to nobody in particular.</summary>
    public abstract string Cancelled { get; }

    /// <summary>What is asked, as fields of the server's request.</summary>
    public abstract void WriteAsked(Utf8JsonWriter json);

    /// <summary>The editor's answer as fields of the server's request.</summary>
    public abstract void WriteAnswer(Utf8JsonWriter json, RpcLine answer);

    /// <summary>A cancel as fields of the server's request.</summary>
    public abstract void WriteCancel(Utf8JsonWriter json);

    /// <summary>What the agent is answered.</summary>
    /// <param name="outcome">As it is stored.</param>
    public abstract string Result(string outcome);

    /// <summary>Whether the editor's answer is what is stored.</summary>
    public abstract bool IsSame(RpcLine answer, JsonElement outcome);
}
