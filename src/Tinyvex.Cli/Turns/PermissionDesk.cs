using System.Text.Json;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>Answers the permission requests of a turn, one after the other: by asking, or as was said beforehand.</summary>
/// <param name="settings">Who answers.</param>
/// <param name="printer">Prints what a request is about.</param>
/// <param name="isBusy">Whether somebody looks at another question.</param>
/// <param name="answer">Sends an answer: the request, and the option, or null for none of them.</param>
internal sealed class PermissionDesk(TurnSettings settings, TurnPrinter printer, Func<bool> isBusy, Func<string, string?, Task> answer)
{
    private readonly Dictionary<string, JsonElement> _pending = new(StringComparer.Ordinal);
    private readonly List<string> _waiting = [];
    // Not asked before the next tick: what the thread's policy allows is answered with the frame behind this one.
    private readonly List<string> _fresh = [];

    /// <summary>Whether somebody is looking at a question.</summary>
    public bool IsAsking => settings.Prompt?.RequestId is not null;

    /// <param name="permission">The row as it is now.</param>
    public void Take(JsonElement permission)
    {
        var requestId = permission.Text("requestId")!;
        if (permission.Text("status") != "pending") Settle(requestId, permission);
        else if (_pending.TryAdd(requestId, permission.Clone())) _fresh.Add(requestId);
    }

    /// <summary>Looks for an answer that was typed meanwhile.</summary>
    public async Task PollAsync()
    {
        if (settings.Prompt is { RequestId: { } requestId } prompt && prompt.Poll() is (true, var option))
        {
            _pending.Remove(requestId);
            await answer(requestId, option?.Id);
        }

        foreach (var fresh in _fresh) await PutAsync(fresh, _pending[fresh]);
        _fresh.Clear();
        AskNext();
    }

    public void MakeRoom()
    {
        if (IsAsking) settings.Prompt!.MakeRoom();
    }

    public void Show()
    {
        if (IsAsking) settings.Prompt!.Show();
    }

    /// <summary>The turn is over, or is to be.</summary>
    public void Close(string why)
    {
        _waiting.Clear();
        _fresh.Clear();
        if (IsAsking) settings.Prompt!.Withdraw(why);
    }

    private async Task PutAsync(string requestId, JsonElement permission)
    {
        if (settings.Permissions != PermissionMode.Ask)
        {
            await AnswerUnaskedAsync(requestId, permission);
        }
        else if (settings.Prompt is null)
        {
            Screen.Error.WriteLine($"The agent asks to: {Title(permission)}. Another client has to answer, since nobody can type here; --permissions allow or reject would.");
        }
        else
        {
            _waiting.Add(requestId);
        }
    }

    private void AskNext()
    {
        if (IsAsking || isBusy() || _waiting.Count == 0) return;
        var requestId = _waiting[0];
        _waiting.RemoveAt(0);
        var permission = _pending[requestId];
        var toolCall = permission.GetProperty("toolCall");
        var screen = settings.Prompt!.Screen;
        // What is asked on another screen than the turn is printed on must be shown on both.
        var isHere = screen == printer.Screen;
        if (isHere) printer.Begin("permission");
        else screen.WriteLine();
        var title = Title(permission);
        screen.WriteLine(screen.Yellow($"? {title}"));
        var call = isHere ? printer.Subject(toolCall) : new ToolCall(toolCall);
        new ToolCallPrinter(screen, printer.Directory).PrintParts(call);
        settings.Prompt.Open(requestId, toolCall, title, PermissionOption.Of(permission));
    }

    /// <summary>It was decided, here or elsewhere.</summary>
    private void Settle(string requestId, JsonElement permission)
    {
        if (!_pending.Remove(requestId)) return;
        _waiting.Remove(requestId);
        _fresh.Remove(requestId);
        if (settings.Prompt?.RequestId != requestId) return;
        var chosen = permission.TryGetProperty("outcome", out var outcome) ? outcome.Text("optionId") : null;
        var name = PermissionOption.Of(permission).Find(option => option.Id == chosen)?.Name;
        settings.Prompt.Withdraw(name is null ? "no longer asked" : $"answered by {Who(permission.Text("answeredBy"))}: {Printable.Line(name)}");
        AskNext();
    }

    private static string Who(string? by) => by switch
    {
        _ when by?.StartsWith("client:", StringComparison.Ordinal) == true => Printable.Line(by["client:".Length..]),
        _ when by?.StartsWith("policy:", StringComparison.Ordinal) == true => "the policy " + by["policy:".Length..],
        "editor" => "the editor",
        _ => "another client",
    };

    private async Task AnswerUnaskedAsync(string requestId, JsonElement permission)
    {
        var options = PermissionOption.Of(permission);
        var option = settings.Permissions == PermissionMode.Allow ? PermissionOption.Permission(options) : PermissionOption.Rejection(options);
        Screen.Error.WriteLine(
            $"The agent asks to: {Title(permission)}. Answered with: {Printable.Line(option?.Name ?? "none of its options")} ({settings.Because ?? (settings.Permissions == PermissionMode.Allow ? "--permissions allow" : "--permissions reject")}).");
        await answer(requestId, option?.Id);
    }

    private string Title(JsonElement permission)
    {
        var toolCall = permission.GetProperty("toolCall");
        return Printable.Line(toolCall.Text("title") ?? printer.TitleOf(toolCall.Text("toolCallId")) ?? toolCall.Text("kind") ?? "go on");
    }
}
