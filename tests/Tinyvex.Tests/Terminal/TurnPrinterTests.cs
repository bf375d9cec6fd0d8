using System.Text.Json;
using Tinyvex.Cli.Conversations;

namespace Tinyvex.Tests.Terminal;

public class TurnPrinterTests
{
    private static JsonElement Json(string text) => JsonDocument.Parse(text.Replace('\'', '"')).RootElement;

    private static void Say(TurnPrinter printer, string item, string text, string role = "'assistant'") =>
        printer.PrintMessage(Json($"{{'itemId':'{item}','role':{role}}}"), text);

    private static JsonElement Call(string status, string more = "", string id = "c1") =>
        Json($"{{'toolCallId':'{id}','title':'Run {id}','kind':'execute','status':'{status}','createdAt':1000,'updatedAt':3500{more}}}");

    private static JsonElement Plan(params string[] states) =>
        Json($"{{'entries':[{string.Join(',', states.Select((state, i) => $"{{'content':'step {i + 1}','status':'{state}'}}"))}]}}");

    [Test]
    public async Task Text_comes_as_it_is_said_without_the_empty_lines_around_it()
    {
        var screen = new TestScreen();
        var printer = new TurnPrinter(screen.Screen, null, showsUser: true);
        Say(printer, "1", "Please", "'user'");
        Say(printer, "2", "\n\n", "null");
        Say(printer, "2", "\nHm", "null");
        Say(printer, "2", ".\n", "null");
        Say(printer, "3", "One\n\n");
        Say(printer, "3", "two\n\n");
        Say(printer, "4", " Padded");
        Say(printer, "5", "  indented");
        printer.End();
        await Assert.That(screen.Text).IsEqualTo("> Please\n\n✻ Hm.\n\nOne\n\ntwo\n\nPadded\n\n  indented\n");
    }

    [Test]
    public async Task The_user_s_words_can_be_left_out()
    {
        var screen = new TestScreen();
        Say(new TurnPrinter(screen.Screen, null, showsUser: false), "1", "Please", "'user'");
        await Assert.That(screen.Text).IsEqualTo("");
    }

    [Test]
    public async Task Blocks_that_are_no_text_and_text_that_was_cut_are_marked()
    {
        var screen = new TestScreen();
        var printer = new TurnPrinter(screen.Screen, null, showsUser: false);
        printer.PrintMessage(Json("{'itemId':'1','role':'assistant','content':[{'type':'image'}],'truncated':true}"), "");
        printer.End();
        await Assert.That(screen.Text).IsEqualTo("[image]\n[cut here; the whole of it is stored]\n");
    }

    [Test]
    public async Task A_tool_call_has_a_line_when_it_begins_and_one_with_its_output_when_it_ends()
    {
        var screen = new TestScreen();
        var printer = new TurnPrinter(screen.Screen, null, showsUser: false);
        printer.PrintToolCall(Call("pending"));
        printer.PrintToolCall(Call("in_progress"));
        printer.PrintToolCall(Call("failed", ",'content':[{'type':'content','content':{'type':'text','text':'```sh\\nboom\\n```'}}]"));
        printer.PrintToolCall(Call("failed"));
        await Assert.That(screen.Text).IsEqualTo("• Run c1 (execute)\n✗ Run c1 (execute, failed, 2.5 s)\n    boom\n");
    }

    [Test]
    public async Task On_a_terminal_it_has_one_line_unless_something_else_is_printed_meanwhile()
    {
        var screen = new TestScreen(isTerminal: true);
        var printer = new TurnPrinter(screen.Screen, null, showsUser: false);
        printer.PrintToolCall(Call("in_progress"));
        var running = printer.Running?.Title;
        printer.PrintToolCall(Call("completed"));
        printer.PrintToolCall(Call("in_progress", id: "c2"));
        Say(printer, "1", "Meanwhile");
        printer.PrintToolCall(Call("completed", id: "c2"));

        await Assert.That(running).IsEqualTo("Run c1");
        await Assert.That(screen.Text).IsEqualTo("✓ Run c1 (execute, 2.5 s)\n• Run c2 (execute)\n\nMeanwhile\n\n✓ Run c2 (execute, 2.5 s)\n");
    }

    [Test]
    public async Task What_a_command_wrote_is_taken_from_where_the_agent_keeps_it()
    {
        var screen = new TestScreen(isTerminal: true);
        var printer = new TurnPrinter(screen.Screen, null, showsUser: false);
        printer.PrintToolCall(Call("completed", ",'content':null,'rawOutput':{'stdout':'hi\\n'}"));
        await Assert.That(screen.Lines[^1]).IsEqualTo("    hi");
    }

    [Test]
    public async Task A_diff_that_was_shown_for_a_permission_is_not_shown_again()
    {
        const string content = ",'content':[{'type':'diff','path':'a','oldText':'x','newText':'y'}]";
        var screen = new TestScreen();
        var printer = new TurnPrinter(screen.Screen, null, showsUser: false);
        var call = printer.Subject(Call("pending", content));
        new ToolCallPrinter(screen.Screen, null).PrintParts(call);
        printer.PrintToolCall(Call("completed", content));
        await Assert.That(screen.Lines.Count(line => line == "  + y")).IsEqualTo(1);
    }

    [Test]
    public async Task A_short_plan_is_printed_whole_when_it_changes()
    {
        var screen = new TestScreen();
        var printer = new TurnPrinter(screen.Screen, null, showsUser: false);
        printer.PrintPlan(Plan("in_progress", "pending"));
        printer.PrintPlan(Plan("in_progress", "pending"));
        printer.PrintPlan(Plan("completed", "in_progress"));
        await Assert.That(screen.Text).IsEqualTo("  ▸ step 1\n  ☐ step 2\n\n  ☑ step 1\n  ▸ step 2\n");
    }

    [Test]
    public async Task Of_a_long_plan_only_what_changed_is_printed_again()
    {
        var states = Enumerable.Repeat("pending", PlanPrinter.ShortPlan + 1).ToArray();
        var screen = new TestScreen();
        var printer = new TurnPrinter(screen.Screen, null, showsUser: false);
        printer.PrintPlan(Plan(states));
        printer.PrintPlan(Plan([.. states[..^1], "completed"]));
        await Assert.That(string.Join('|', screen.Lines[^2..])).IsEqualTo($"  ☑ step {PlanPrinter.ShortPlan + 1}|  … {PlanPrinter.ShortPlan} others as before");
    }
}
