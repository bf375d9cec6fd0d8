using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>
/// A question of an agent on a terminal: its fields, one line after the other; of a page its address, and whether it will be visited. Keys are
/// looked for and never waited for, as with permissions.
/// </summary>
/// <param name="screen">Where it is asked.</param>
/// <param name="nextKey">The next key that was pressed, or null.</param>
internal sealed class ElicitationPrompt(Screen screen, Func<ConsoleKeyInfo?> nextKey)
{
    /// <summary>A line that a person types or pastes.</summary>
    private const int MaxTyped = 4_096;

    /// <summary>Stands for a page, and for a form without a field: whether to go on.</summary>
    private static readonly FormField Consent = new() { Name = "", Label = "", Type = "boolean", IsRequired = true };

    private List<FormField> _fields = [];
    private JsonObject _content = [];
    private bool _isForm;
    private int _at;
    private string _typed = "";
    private bool _isShown;

    public Screen Screen { get; } = screen;

    /// <summary>The question that is asked now.</summary>
    public string? RequestId { get; private set; }

    private FormField Field => _fields[_at];

    public void Open(string requestId, JsonElement request)
    {
        (RequestId, _content, _at, _typed) = (requestId, [], 0, "");
        _isForm = request.Text("mode") == "form";
        Screen.WriteLine(Screen.Yellow($"? {Printable.Line(request.Text("message") ?? "")}"));
        if (_isForm)
        {
            var schema = request.GetProperty("requestedSchema");
            foreach (var about in (string?[])[schema.Text("title"), schema.Text("description")])
            {
                if (about is not null) Screen.WriteLine("  " + Screen.Dim(Printable.Line(about)));
            }

            _fields = FormField.Of(schema);
            if (_fields.Count == 0) _fields = [Consent with { Label = "Accept" }];
        }
        else
        {
            // Whole, and never opened from here: the agent chose it.
            Screen.WriteLine("  " + Printable.Line(request.Text("url") ?? ""));
            _fields = [Consent with { Label = "Will you open it in a browser" }];
        }

        // What was typed before the question was seen is no answer to it.
        while (nextKey() is not null)
        {
        }

        Begin();
    }

    /// <summary>Takes the keys that were pressed.</summary>
    /// <returns>The answer, once there is one.</returns>
    public ElicitationAnswer? Poll()
    {
        while (RequestId is not null && nextKey() is { } key)
        {
            switch (key)
            {
                case { Key: ConsoleKey.Enter } or { KeyChar: '\n' or '\r' }:
                    if (Take() is { } answer) return Close(answer);
                    break;
                case { KeyChar: '\x04' } when _typed.Length == 0:
                    return Close(ElicitationAnswer.Decline);
                case { Key: ConsoleKey.Backspace } or { KeyChar: '\b' or '\x7f' }:
                    _typed = _typed.Length > 0 ? _typed[..^1] : "";
                    Show();
                    break;
                case { KeyChar: >= ' ' } when _typed.Length < MaxTyped:
                    _typed += key.KeyChar;
                    Show();
                    break;
            }
        }

        return null;
    }

    /// <summary>Takes the line to type in away, so that something else can be printed.</summary>
    public void MakeRoom() => Hide();

    public void Show()
    {
        Hide();
        var hint = Field.Hint.Length == 0 ? "" : $" ({Field.Hint})";
        var before = $"  {Printable.Line(Field.Label)}{hint}";
        // The end of a long line is what is being typed.
        var room = Math.Max(Screen.Columns - TextWidth.Of(before) - " > ".Length - 1, 8);
        var typed = Printable.Line(_typed);
        Screen.Write($"{before} {Screen.Bold(">")} {(typed.Length > room ? "…" + typed[^(room - 1)..] : typed)}");
        _isShown = true;
    }

    /// <summary>Ends it without an answer from here.</summary>
    public void Withdraw(string why)
    {
        Hide();
        RequestId = null;
        Screen.WriteLine($"  {Screen.Yellow(why)}");
    }

    private void Hide()
    {
        if (_isShown) Screen.EraseLine();
        _isShown = false;
    }

    private void Begin()
    {
        _typed = "";
        Hide();
        if (Field.Description is { } about) Screen.WriteLine("  " + Screen.Dim(Printable.Line(about)));
        for (var i = 0; i < Field.Choices.Count; i++) Screen.WriteLine($"    {i + 1} {Printable.Line(Field.Choices[i].Title)}");
        Show();
    }

    private ElicitationAnswer? Take()
    {
        var (value, problem) = Field.Read(_typed);
        if (problem is not null)
        {
            Hide();
            Screen.WriteLine(Screen.Dim($"  {problem} Ctrl-D declines, Ctrl-C cancels the turn."));
            _typed = "";
            Show();
            return null;
        }

        if (Field.Name.Length == 0) return value!.GetValue<bool>() ? new ElicitationAnswer("accept", _isForm ? [] : null) : ElicitationAnswer.Decline;
        if (value is not null) _content[Field.Name] = value;
        // It stays above, as what was answered.
        Hide();
        Screen.WriteLine($"  {Printable.Line(Field.Label)}: {Screen.Dim(value is null ? "–" : Printable.Line(value.ToJsonString()))}");
        if (++_at == _fields.Count) return new ElicitationAnswer("accept", _content);
        Begin();
        return null;
    }

    private ElicitationAnswer Close(ElicitationAnswer answer)
    {
        Hide();
        RequestId = null;
        Screen.WriteLine(answer.Action == "accept" ? $"  {Screen.Green("✓")} Answered" : $"  {Screen.Red("✗")} Declined");
        return answer;
    }
}
