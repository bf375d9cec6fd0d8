using System.Text.Json;
using Tinyvex.Cli.Turns;

namespace Tinyvex.Tests.Terminal;

public class PermissionPromptTests
{
    private readonly Queue<ConsoleKeyInfo> _keys = new();
    private readonly TestScreen _screen = new(isTerminal: true);

    private PermissionPrompt Open(string toolCall, params string[] kinds)
    {
        var prompt = new PermissionPrompt(_screen.Screen, () => _keys.TryDequeue(out var key) ? key : null);
        var options = kinds.Select((kind, i) => new PermissionOption { Id = $"o{i + 1}", Name = $"Option {i + 1}", Kind = kind }).ToList();
        prompt.Open("p1", JsonDocument.Parse(toolCall.Replace('\'', '"')).RootElement, "Title", options);
        return prompt;
    }

    private void Type(string text)
    {
        foreach (var c in text)
        {
            _keys.Enqueue(new ConsoleKeyInfo(c, c switch { '\r' => ConsoleKey.Enter, '\b' => ConsoleKey.Backspace, _ => ConsoleKey.None }, shift: false, alt: false, control: c < ' '));
        }
    }

    [Test]
    [Arguments("1\r", "o1")]
    [Arguments("y\r", "o1")]
    [Arguments("A\r", "o2")]
    [Arguments("n\r", "o3")]
    [Arguments("13\b\b2\r", "o2")]
    [Arguments("\u0004", "o3")]
    public async Task A_number_or_a_letter_answers(string keys, string option)
    {
        var prompt = Open("{}", "allow_once", "allow_always", "reject_once");
        Type(keys);
        var (isAnswered, chosen) = prompt.Poll();
        await Assert.That((isAnswered, chosen!.Id, prompt.RequestId)).IsEqualTo((true, option, null));
    }

    [Test]
    [Arguments("\r")]
    [Arguments("4\r")]
    [Arguments("yes please, whatever it may be\r")]
    [Arguments("1\u0004")]
    public async Task Anything_else_answers_nothing(string keys)
    {
        var prompt = Open("{}", "allow_once", "allow_always", "reject_once");
        Type(keys);
        await Assert.That((prompt.Poll().IsAnswered, prompt.RequestId)).IsEqualTo((false, "p1"));
    }

    [Test]
    public async Task A_letter_that_could_mean_two_options_means_none()
    {
        var prompt = Open("{}", "allow_always", "allow_always", "reject_once");
        Type("a\r");
        await Assert.That(prompt.Poll().IsAnswered).IsFalse();
        await Assert.That(_screen.Text).Contains("1 Option 1 (allow always)").And.Contains("3 Option 3 (n, reject once)");
    }

    [Test]
    public async Task Keys_from_before_the_question_are_no_answer()
    {
        Type("y\r");
        await Assert.That(Open("{}", "allow_once").Poll().IsAnswered).IsFalse();
    }

    [Test]
    public async Task Where_no_option_rejects_a_refusal_is_none_of_them()
    {
        var prompt = Open("{}", "allow_once");
        Type("\u0004");
        var (isAnswered, chosen) = prompt.Poll();
        await Assert.That((isAnswered, chosen)).IsEqualTo((true, null));
    }

    [Test]
    public async Task A_question_that_has_moved_up_is_repeated_in_short()
    {
        var prompt = Open("{}", "allow_once", "reject_once");
        Type("1");
        prompt.Poll();
        prompt.MakeRoom();
        _screen.Screen.WriteLine("something else");
        prompt.Show();
        await Assert.That(string.Join('|', _screen.Shown[^2..])).IsEqualTo("something else|? Title (1, 2, n, y) > 1");
    }

    [Test]
    public async Task No_more_is_typed_than_there_can_be_to_type()
    {
        var prompt = Open("{}", "allow_once");
        Type(new string('1', 1000));
        prompt.Poll();
        await Assert.That(_screen.Shown[^1]).IsEqualTo("  > " + new string('1', 20));
    }

    [Test]
    public async Task A_question_that_is_withdrawn_leaves_a_line_that_says_so()
    {
        var prompt = Open("{}", "allow_once");
        prompt.Withdraw("answered elsewhere");
        Type("1\r");
        await Assert.That(prompt.Poll().IsAnswered).IsFalse();
        await Assert.That(_screen.Shown[^1]).IsEqualTo("  answered elsewhere");
    }

    [Test]
    [Arguments("{'rawInput':{'command':'rm -rf x'}}", "  $ rm -rf x")]
    [Arguments("{'rawInput':{'command':['bash','-lc','a\\nb\\u001b[A']}}", "  $ bash -lc a\n    b␛[A")]
    [Arguments("{'rawInput':{'url':'http://x'}}", "  {\"url\":\"http://x\"}")]
    [Arguments("{'rawInput':{'command':'Title'}}", null)]
    [Arguments("{'rawInput':{'path':'x'},'content':[{'type':'diff'}]}", null)]
    public async Task It_shows_what_would_be_done(string toolCall, string? expected)
    {
        Open(toolCall, "allow_once");
        await Assert.That(_screen.Text.Split("  1 Option 1")[0]).IsEqualTo(expected is null ? "" : expected + "\n");
    }

    [Test]
    public async Task Long_parameters_are_cut_with_a_word_about_it()
    {
        Open($"{{'rawInput':{{'a':'{new string('x', 2000)}'}}}}", "allow_once");
        await Assert.That(_screen.Lines[0]).EndsWith("… and 8 more characters");
    }
}
