using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Prints the text of messages as it comes, without the empty lines that models put before and behind it.</summary>
internal sealed class MessagePrinter(Screen screen)
{
    private string? _role;
    private int _lineEnds;

    /// <summary>Whether text was printed in whose last line the cursor stands.</summary>
    public bool IsOpen { get; private set; }

    /// <param name="role"><c>user</c>, <c>assistant</c>, or null for a thought.</param>
    public void Begin(string? role) => (_role, _lineEnds) = (role, 0);

    public void Append(string text)
    {
        text = Printable.Text(text);
        if (!IsOpen) text = Unpadded(text.TrimStart('\n'));
        var shown = text.TrimEnd('\n');
        if (shown.Length == 0)
        {
            if (IsOpen) _lineEnds += text.Length;
            return;
        }

        if (!IsOpen) screen.Write(Mark());
        screen.Write(Painted(new string('\n', _lineEnds) + shown));
        IsOpen = true;
        _lineEnds = text.Length - shown.Length;
    }

    public void End()
    {
        if (IsOpen) screen.WriteLine();
        IsOpen = false;
    }

    /// <summary>Without the space that some models begin with; more of them are an indent.</summary>
    private static string Unpadded(string text) => text is [' ', .. var rest] && rest is not [' ', ..] ? rest : text;

    private string Mark() => _role switch { null => screen.Dim("✻ "), "user" => screen.Bold("> "), _ => "" };

    private string Painted(string text) => _role switch { null => screen.Dim(text), "user" => screen.Bold(text), _ => text };
}
