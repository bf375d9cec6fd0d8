using System.Text;

namespace Tinyvex.Cli.Proxying;

/// <summary>
/// Questions of the agent that were put to the editor and to all clients. The agent gets one answer, of whoever the store took first;
/// where the store does not say in time, the editor's. What is later is dropped.
/// </summary>
internal sealed class AnswerRace(SharedOutput toAgent, SharedOutput toEditor, TimeProvider time)
{
    /// <summary>How long the editor's answer waits for the store, which takes a millisecond where it is well.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Question> _open = new(StringComparer.Ordinal);
    // Those that a client has answered, and the editor has still to: its answer is for nobody.
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private volatile bool _waits;

    /// <summary>Whether the next line of the editor may be an answer to one of them.</summary>
    public bool Waits => _waits;

    /// <summary>The agent asks; to be called before the editor can know.</summary>
    public void Ask(Question question)
    {
        lock (_lock)
        {
            if (_open.Count + _late.Count >= PassingLimits.MaxRequests) return;
            _open[question.Key] = question;
            _late.Remove(question.Key);
            _waits = true;
        }
    }

    /// <summary>Takes a line of the editor where it is an answer: the question, which then waits for the store; null where it is too late.</summary>
    public bool TryTake(byte[] line, out Question? question)
    {
        question = null;
        if (!RpcLine.TryRead(line, out var message) || message.Method is not null || message.Id.IsMissing) return false;
        lock (_lock)
        {
            if (_late.Remove(message.Key))
            {
                Look();
                return true;
            }

            if (!_open.TryGetValue(message.Key, out question) || question.EditorLine is not null) return false;
            question.EditorLine = line;
            var waiting = question;
            question.Patience = time.CreateTimer(_ => DecideByEditor(waiting), null, StorePatience, Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    /// <summary>The editor's answer goes to the agent as it was written.</summary>
    public void DecideByEditor(Question question)
    {
        lock (_lock)
        {
            if (question.EditorLine is not { } line || !TryDecide(question)) return;
            toAgent.Insert([.. line, (byte)'\n']);
        }
    }

    /// <summary>Somebody else was first, or something: a client, a rule of the thread, a cancel.</summary>
    /// <param name="outcome">As ACP.</param>
    public void DecideByStore(Question question, string outcome)
    {
        lock (_lock)
        {
            if (!TryDecide(question)) return;
            question.IsDecidedByStore = true;
            toAgent.Insert(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":{question.Id},\"result\":{question.Result(outcome)}}}\n"));
            if (question.EditorLine is not null) return;
            _late.Add(question.Key);
            _waits = true;
            toEditor.Insert(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"method\":\"$/cancel_request\",\"params\":{{\"requestId\":{question.Id}}}}}\n"));
        }
    }

    /// <summary>Cancels all that is open of a session, whether or not the store has heard of it yet.</summary>
    public void CancelAllByStore(ProxiedSession session)
    {
        lock (_lock)
        {
            foreach (var question in _open.Values.Where(question => question.Session == session).ToList()) DecideByStore(question, question.Cancelled);
        }
    }

    /// <summary>The turn is over, and its questions are nobody's matter any more: what the editor still says of them passes as all else does.</summary>
    public void Forget(ProxiedTurn turn) => Forget(question => question.Turn == turn);

    /// <summary>So it is with all that a session has asked.</summary>
    public void Forget(ProxiedSession session) => Forget(question => question.Session == session);

    private void Forget(Func<Question, bool> isOver)
    {
        lock (_lock)
        {
            // One that the editor has answered still gets there.
            foreach (var question in _open.Values.Where(question => question.EditorLine is null && isOver(question)).ToList()) TryDecide(question);
        }
    }

    /// <summary>The question that the agent waits for under an id; null where there is none.</summary>
    public Question? Find(string key)
    {
        lock (_lock) return _open.GetValueOrDefault(key);
    }

    private bool TryDecide(Question question)
    {
        if (question.IsDecided) return false;
        question.IsDecided = true;
        question.Patience?.Dispose();
        _open.Remove(question.Key);
        Look();
        return true;
    }

    private void Look() => _waits = _open.Count + _late.Count > 0;
}
