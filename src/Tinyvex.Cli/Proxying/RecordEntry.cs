namespace Tinyvex.Cli.Proxying;

/// <summary>What the server is to be told: a closed union, in the order in which it passed.</summary>
internal abstract class RecordEntry(ProxiedSession session)
{
    public ProxiedSession Session { get; } = session;

    /// <summary>Bytes that it holds while it waits.</summary>
    public virtual int Weight => 256;

    /// <summary>Whether it may be left out where there is too much; what gives a thread its shape is kept.</summary>
    public virtual bool MayBeLost => false;
}

/// <summary>A session was made or taken up.</summary>
/// <param name="result">What the agent answered: its modes and options.</param>
internal sealed class SessionOpened(ProxiedSession session, JsonSlice result) : RecordEntry(session)
{
    public JsonSlice Result { get; } = result;

    public override int Weight => 256 + Result.Bytes.Length;
}

/// <summary>The editor has done with a session.</summary>
internal sealed class SessionClosed(ProxiedSession session) : RecordEntry(session);

/// <summary>The agent said something.</summary>
/// <param name="isRetold">Whether it was said before, in a session that is loaded now.</param>
internal sealed class UpdateSaid(ProxiedSession session, JsonSlice update, bool isRetold) : RecordEntry(session)
{
    public JsonSlice Update { get; } = update;

    public bool IsRetold { get; } = isRetold;

    public override bool MayBeLost => true;

    public override int Weight => 256 + Update.Bytes.Length;
}

internal sealed class TurnBegun(ProxiedTurn turn) : RecordEntry(turn.Session)
{
    public ProxiedTurn Turn { get; } = turn;

    /// <summary>As it is now: the prompt is let go of once it is stored.</summary>
    public override int Weight { get; } = 256 + turn.Prompt.Bytes.Length;
}

/// <param name="result">What the agent answered to the prompt.</param>
/// <param name="error">The JSON-RPC error that it answered instead.</param>
internal sealed class TurnEnded(ProxiedTurn turn, JsonSlice result, JsonSlice error) : RecordEntry(turn.Session)
{
    public ProxiedTurn Turn { get; } = turn;

    public JsonSlice Result { get; } = result;

    public JsonSlice Error { get; } = error;

    public override int Weight => 256 + Result.Bytes.Length + Error.Bytes.Length;
}

/// <summary>The agent asks a person.</summary>
internal sealed class QuestionAsked(Question question) : RecordEntry(question.Session)
{
    public Question Question { get; } = question;

    public override bool MayBeLost => true;

    public override int Weight => Question.Weight;
}

/// <summary>The editor has answered a question, and where it was the first it is the answer.</summary>
internal sealed class QuestionAnswered(Question question) : RecordEntry(question.Session)
{
    public Question Question { get; } = question;
}

/// <summary>The agent wants no answer any more.</summary>
internal sealed class QuestionWithdrawn(Question question) : RecordEntry(question.Session)
{
    public Question Question { get; } = question;
}

/// <summary>The agent says that what was to be done on a page is done.</summary>
internal sealed class ElicitationCompleted(ProxiedSession session, string elicitationId) : RecordEntry(session)
{
    public string ElicitationId { get; } = elicitationId;

    public override int Weight => 256 + (2 * ElicitationId.Length);
}

/// <summary>A line passed that is too long to be stored.</summary>
internal sealed class LineSkipped(ProxiedSession session) : RecordEntry(session);

/// <summary>From here on something is missing, until the recorder comes to this.</summary>
/// <param name="since">When the first of it was left out.</param>
internal sealed class Hole(ProxiedSession session, DateTimeOffset since) : RecordEntry(session)
{
    /// <summary>How much was left out, by session.</summary>
    public Dictionary<ProxiedSession, long> Lost { get; } = [];

    /// <summary>The failed runs that tell of it, in threads where no turn was under way.</summary>
    public Dictionary<ProxiedSession, ProxiedTurn> Marks { get; } = [];

    public DateTimeOffset Since { get; } = since;
}
