using System.Text.Json;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>Answers what else than leave an agent asks in a turn, one after the other: by asking, or with a no where nobody can be asked.</summary>
/// <param name="settings">Who answers.</param>
/// <param name="printer">Prints the turn, which the question interrupts.</param>
/// <param name="isBusy">Whether somebody looks at another question.</param>
/// <param name="answer">Sends an answer to a request.</param>
internal sealed class ElicitationDesk(TurnSettings settings, TurnPrinter printer, Func<bool> isBusy, Func<string, ElicitationAnswer, Task> answer)
{
    private readonly Dictionary<string, JsonElement> _pending = new(StringComparer.Ordinal);
    private readonly List<string> _waiting = [];

    /// <summary>Those that were answered here, until the server has taken it.</summary>
    private readonly Dictionary<string, JsonElement> _answered = new(StringComparer.Ordinal);

    /// <summary>Whether somebody is looking at a question.</summary>
    public bool IsAsking => settings.Form?.RequestId is not null;

    /// <param name="elicitation">The row as it is now.</param>
    public async Task TakeAsync(JsonElement elicitation)
    {
        var requestId = elicitation.Text("requestId")!;
        if (elicitation.Text("status") != "pending")
        {
            Settle(requestId, elicitation);
            return;
        }

        if (_answered.ContainsKey(requestId) || !_pending.TryAdd(requestId, elicitation.Clone())) return;
        var request = elicitation.GetProperty("request");
        var message = Printable.Line(request.Text("message") is { Length: > 0 } text ? text : "a question");
        // A page can be visited by hand, from wherever this is read.
        if (request.Text("url") is { } url) message += $" ({Printable.Line(url)})";
        if (!char.IsPunctuation(message[^1]) || message[^1] == ')') message += ".";
        if (settings.Form is not null)
        {
            _waiting.Add(requestId);
            AskNext();
        }
        else if (settings.Permissions == PermissionMode.Ask)
        {
            Screen.Error.WriteLine($"The agent asks: {message} Another client has to answer, since nobody can type here.");
        }
        else
        {
            // Not even a command that allows everything knows what to fill in.
            Screen.Error.WriteLine($"The agent asks: {message} Declined, since nobody can type here.");
            await answer(requestId, ElicitationAnswer.Decline);
        }
    }

    /// <summary>Looks for an answer that was typed meanwhile.</summary>
    public async Task PollAsync()
    {
        if (settings.Form is { RequestId: { } requestId } form && form.Poll() is { } given)
        {
            _answered[requestId] = _pending[requestId];
            _pending.Remove(requestId);
            await answer(requestId, given);
        }

        AskNext();
    }

    /// <summary>The server did not take an answer: it is asked once more.</summary>
    public void Refused()
    {
        foreach (var (requestId, elicitation) in _answered)
        {
            if (_pending.TryAdd(requestId, elicitation)) _waiting.Insert(0, requestId);
        }

        _answered.Clear();
        AskNext();
    }

    public void MakeRoom()
    {
        if (IsAsking) settings.Form!.MakeRoom();
    }

    public void Show()
    {
        if (IsAsking) settings.Form!.Show();
    }

    /// <summary>The turn is over, or is to be.</summary>
    public void Close(string why)
    {
        _waiting.Clear();
        if (IsAsking) settings.Form!.Withdraw(why);
    }

    private void AskNext()
    {
        if (settings.Form is null || IsAsking || isBusy() || _waiting.Count == 0) return;
        var requestId = _waiting[0];
        _waiting.RemoveAt(0);
        if (settings.Form.Screen == printer.Screen) printer.Begin("elicitation");
        else settings.Form.Screen.WriteLine();
        settings.Form.Open(requestId, _pending[requestId].GetProperty("request"));
    }

    /// <summary>It was decided, here or elsewhere.</summary>
    private void Settle(string requestId, JsonElement elicitation)
    {
        _answered.Remove(requestId);
        if (!_pending.Remove(requestId)) return;
        _waiting.Remove(requestId);
        if (settings.Form?.RequestId != requestId) return;
        settings.Form.Withdraw(elicitation.Text("answeredBy") is { } by ? $"answered by {Printable.Line(by)}" : "no longer asked");
        AskNext();
    }
}
