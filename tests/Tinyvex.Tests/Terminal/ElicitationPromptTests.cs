using System.Text.Json;
using Tinyvex.Cli.Turns;

namespace Tinyvex.Tests.Terminal;

/// <summary>A form of an agent, filled in line by line.</summary>
public class ElicitationPromptTests
{
    private const string Form = """
        {"mode":"form","message":"Where to?","requestedSchema":{"title":"Target","properties":{
          "branch":{"type":"string","title":"Branch","description":"An existing one"},
          "remote":{"type":"string","oneOf":[{"const":"o","title":"Origin"},{"const":"f","title":"Fork"}]},
          "depth":{"type":"integer","default":3},
          "share":{"type":"number"},
          "tags":{"type":"array","items":{"enum":["a","b"]}},
          "push":{"type":"boolean","default":false}},"required":["branch","remote"]}}
        """;

    private readonly Queue<ConsoleKeyInfo> _keys = new();
    private readonly TestScreen _screen = new(isTerminal: true);

    private ElicitationPrompt Open(string request)
    {
        var prompt = new ElicitationPrompt(_screen.Screen, () => _keys.TryDequeue(out var key) ? key : null);
        prompt.Open("e1", JsonDocument.Parse(request).RootElement);
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
    [Arguments("main\r2\r\r\r\r\r", """{"branch":"main","remote":"f","depth":3,"push":false}""")]
    [Arguments("my branch\rOrigin\r5\r1.5\r1, 2\ry\r", """{"branch":"my branch","remote":"o","depth":5,"share":1.5,"tags":["a","b"],"push":true}""")]
    [Arguments("mx\bain\rf\r-1\r\rb\rno\r", """{"branch":"main","remote":"f","depth":-1,"tags":["b"],"push":false}""")]
    public async Task Each_field_takes_a_line(string keys, string content)
    {
        var prompt = Open(Form);
        Type(keys);
        var answer = prompt.Poll();
        await Assert.That(answer?.Content?.ToJsonString()).IsEqualTo(content);
        await Assert.That((answer!.Action, prompt.RequestId)).IsEqualTo(("accept", null));
        await Assert.That(_screen.Text).Contains("? Where to?").And.Contains("An existing one").And.Contains("2 Fork").And.Contains("depth (a whole number, Enter for 3)");
    }

    [Test]
    [Arguments("\r", "It is required.")]
    [Arguments("x\r3\r", "Type a number from 1 to 2.")]
    [Arguments("x\r1\rtwo\r", "Type a whole number.")]
    [Arguments("x\r1\r\rNaN\r", "Type a number, such as 1.5.")]
    [Arguments("x\r1\r\r\r1,3\r", "Type numbers from 1 to 2, with commas between them.")]
    [Arguments("x\r1\r\r\r\rmaybe\r", "Type y or n.")]
    public async Task What_cannot_be_is_asked_again(string keys, string problem)
    {
        var prompt = Open(Form);
        Type(keys);
        await Assert.That(prompt.Poll()).IsNull();
        await Assert.That(prompt.RequestId).IsEqualTo("e1");
        await Assert.That(_screen.Text).Contains(problem);
    }

    [Test]
    [Arguments("y\r", "accept")]
    [Arguments("n\r", "decline")]
    [Arguments("\u0004", "decline")]
    public async Task A_page_is_shown_and_only_promised(string keys, string action)
    {
        var prompt = Open("""{"mode":"url","message":"Log in","url":"https://example.org/\u001b[2J","elicitationId":"e"}""");
        Type(keys);
        var answer = prompt.Poll();
        await Assert.That((answer?.Action, answer?.Content is null)).IsEqualTo((action, true));
        await Assert.That(_screen.Text).Contains("https://example.org/␛[2J");
    }

    [Test]
    public async Task A_form_without_a_field_is_a_question_of_yes_or_no()
    {
        var prompt = Open("""{"mode":"form","message":"Go on?","requestedSchema":{}}""");
        Type("y\r");
        await Assert.That(prompt.Poll()?.Content?.ToJsonString()).IsEqualTo("{}");
    }

    [Test]
    public async Task What_was_typed_before_it_was_seen_is_no_answer()
    {
        Type("n\r");
        var prompt = Open(Form);
        await Assert.That(prompt.Poll()).IsNull();
        prompt.Withdraw("answered by client:phone");
        Type("x\r");
        await Assert.That(prompt.Poll()).IsNull();
        await Assert.That(_screen.Text).Contains("answered by client:phone");
    }
}
