using System.Globalization;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>
/// A permission request on a terminal: what it is about, the answers, and a line to type one in. Keys are looked for and never waited
/// for, so that the turn goes on behind it and another client may answer first.
/// </summary>
/// <param name="screen">Where it is asked.</param>
/// <param name="nextKey">The next key that was pressed, or null.</param>
internal sealed class PermissionPrompt(Screen screen, Func<ConsoleKeyInfo?> nextKey)
{
    /// <summary>Longer than any number and letter there is to type.</summary>
    private const int MaxTyped = 20;

    /// <summary>Parameters of a tool that are shown when nothing else says what it would do.</summary>
    private const int MaxInput = 2000;

    private readonly Dictionary<string, PermissionOption> _byTyped = new(StringComparer.OrdinalIgnoreCase);
    private List<PermissionOption> _options = [];
    private string _typed = "";
    private string _title = "";
    private bool _isShown;
    private bool _isFarAway;

    public Screen Screen { get; } = screen;

    /// <summary>The request that is asked now.</summary>
    public string? RequestId { get; private set; }

    public void Open(string requestId, JsonElement toolCall, string title, List<PermissionOption> options)
    {
        (RequestId, _options, _typed, _title, _isFarAway) = (requestId, options, "", title, false);
        _byTyped.Clear();
        PrintInput(toolCall, title);
        for (var i = 0; i < options.Count; i++)
        {
            var number = $"{i + 1}";
            _byTyped[number] = options[i];
            var letter = Letter(options[i]);
            if (letter is not null) _byTyped[letter] = options[i];
            var kind = Printable.Line(options[i].Kind).Replace('_', ' ');
            Screen.WriteLine($"  {number} {Printable.Line(options[i].Name)} {Screen.Dim($"({(letter is null ? kind : $"{letter}, {kind}")})")}");
        }

        // What was typed before the question was seen is no answer to it.
        while (nextKey() is not null)
        {
        }

        Show();
    }

    /// <summary>Takes the keys that were pressed.</summary>
    /// <returns>The answer, once there is one; an option that is null stands for a refusal for which the agent offers none.</returns>
    public (bool IsAnswered, PermissionOption? Option) Poll()
    {
        while (RequestId is not null && nextKey() is { } key)
        {
            switch (key)
            {
                case { Key: ConsoleKey.Enter } or { KeyChar: '\n' or '\r' }:
                    if (_byTyped.TryGetValue(_typed.Trim(), out var option)) return (true, Close(option));
                    Explain();
                    break;
                case { KeyChar: '\x04' } when _typed.Length == 0:
                    return (true, Close(PermissionOption.Rejection(_options)));
                case { Key: ConsoleKey.Backspace } or { KeyChar: '\b' or '\x7f' }:
                    _typed = _typed.Length > 0 ? _typed[..^1] : "";
                    Show();
                    break;
                case { KeyChar: > ' ' } when _typed.Length < MaxTyped:
                    _typed += key.KeyChar;
                    Show();
                    break;
            }
        }

        return (false, null);
    }

    /// <summary>Takes the line to type in away, so that something else can be printed, which moves the question up.</summary>
    public void MakeRoom()
    {
        Hide();
        _isFarAway = true;
    }

    public void Show()
    {
        Hide();
        Screen.Write($"{(_isFarAway ? Reminder() : "  ")}{Screen.Bold(">")} {Printable.Line(_typed)}");
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

    /// <summary>The question in so few words that it fits before what is typed.</summary>
    private string Reminder()
    {
        var keys = $" ({Answers()}) ";
        var title = TextWidth.Cut(Printable.Line(_title), Screen.Columns - keys.Length - MaxTyped - "?  > ".Length);
        return Screen.Yellow($"? {title}") + Screen.Dim(keys);
    }

    private string Answers() => string.Join(", ", _byTyped.Keys.Order(StringComparer.Ordinal));

    private PermissionOption? Close(PermissionOption? option)
    {
        Hide();
        RequestId = null;
        Screen.WriteLine($"  {(option is { Allows: true } ? Screen.Green("✓") : Screen.Red("✗"))} {Printable.Line(option?.Name ?? "No")}");
        return option;
    }

    private void Explain()
    {
        _typed = "";
        Hide();
        Screen.WriteLine(Screen.Dim($"  Type {Answers()} and Enter. Ctrl-D rejects, Ctrl-C cancels the turn."));
        Show();
    }

    /// <summary>A letter, where it can mean this option alone.</summary>
    private string? Letter(PermissionOption option) =>
        _options.Count(other => other.Kind == option.Kind) > 1 ? null : option.Kind switch { "allow_once" => "y", "allow_always" => "a", "reject_once" => "n", _ => null };

    /// <summary>The command, or, where nothing else tells what it would do, the parameters as they are. Never cut in silence.</summary>
    private void PrintInput(JsonElement toolCall, string title)
    {
        if (!toolCall.TryGetProperty("rawInput", out var input) || input.ValueKind != JsonValueKind.Object) return;
        var command = input.Text("command") ?? string.Join(' ', input.Items("command"));
        if (command.Length > 0)
        {
            if (command != title) Screen.WriteLine("  " + Screen.Dim("$ ") + Printable.Text(command).Replace("\n", "\n    ", StringComparison.Ordinal));
        }
        else if (!toolCall.Items("content").Any() && input.EnumerateObject().Any())
        {
            var text = Printable.Line(input.GetRawText());
            var left = text.Length - MaxInput;
            Screen.WriteLine("  " + Screen.Dim(left <= 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..MaxInput]}… and {left} more characters")));
        }
    }
}
