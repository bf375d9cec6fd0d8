using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>What an agent waits to be told, each answered once: by what was stored of it, or by a cancel.</summary>
internal sealed class PendingQuestions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PendingQuestion> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<PendingQuestion> _beingStored = [];

    public int Permissions => Count(isPermission: true);

    public int Elicitations => Count(isPermission: false);

    /// <summary>A question is on its way to the store.</summary>
    public void Begin(PendingQuestion question)
    {
        lock (_lock) _beingStored.Add(question);
    }

    /// <summary>It was stored, and may be answered from now on; false where the agent has taken it back meanwhile.</summary>
    public bool TryAdd(PendingQuestion question, string requestId)
    {
        lock (_lock)
        {
            _beingStored.Remove(question);
            question.RequestId = requestId;
            _stored[requestId] = question;
            return !question.IsWithdrawn;
        }
    }

    /// <summary>It was not stored, and is nobody's any more.</summary>
    public void Drop(PendingQuestion question)
    {
        lock (_lock) _beingStored.Remove(question);
    }

    public void Answer(string requestId, ReadOnlyMemory<byte> outcome)
    {
        PendingQuestion? asked;
        lock (_lock) _stored.Remove(requestId, out asked);
        if (asked is not null) _ = asked.AnswerAsync(outcome);
    }

    /// <summary>Answers all of a turn at once.</summary>
    public void CancelAll(string runId)
    {
        foreach (var question in Take(question => question.RunId == runId)) _ = question.RefuseAsync();
    }

    /// <summary>Those of agents that are gone, whom nobody can answer; they are forgotten.</summary>
    public List<PendingQuestion> TakeOrphans() => Take(question => question.Connection.HasEnded);

    /// <summary>The question that an agent asked under an id, taken back: one that is not stored yet will be cancelled when it is.</summary>
    public PendingQuestion? Withdraw(AgentConnection? connection, ReadOnlySpan<byte> id)
    {
        lock (_lock)
        {
            foreach (var question in _stored.Values.Concat(_beingStored))
            {
                if ((connection is not null && question.Connection != connection) || !question.Id.Span.SequenceEqual(id)) continue;
                question.IsWithdrawn = true;
                return question;
            }
        }

        return null;
    }

    private List<PendingQuestion> Take(Func<PendingQuestion, bool> which)
    {
        lock (_lock)
        {
            var taken = _stored.Values.Where(which).ToList();
            foreach (var question in taken) _stored.Remove(question.RequestId!);
            return taken;
        }
    }

    private int Count(bool isPermission)
    {
        lock (_lock) return _stored.Values.Count(question => question.IsPermission == isPermission);
    }
}
