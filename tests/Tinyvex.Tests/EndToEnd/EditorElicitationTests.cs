using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>A form is shown in the editor and by all clients, and the agent gets what whoever was first filled in, once.</summary>
public class EditorElicitationTests
{
    private const string Asking = """
        const form = { mode: 'form', message: 'Where to?', requestedSchema: { type: 'object', properties: { branch: { type: 'string' } }, required: ['branch'] } };
        const page = { mode: 'url', message: 'Log in', elicitationId: 'e1', url: 'https://example.org/login' };
        prompt = async text => {
          const answer = await ask('elicitation/create', text === 'page' ? page : form, 'ask-1');
          say('answered ' + JSON.stringify(answer.result ?? answer.error));
          if (text === 'page') send({ method: 'elicitation/complete', params: { elicitationId: 'e1' } });
          if (text === 'wait') await cancelled;
        };
        """;

    [Test]
    public async Task What_the_editor_fills_in_is_stored_as_the_editors_and_passes_as_it_was_written()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        var request = await stage.Editor.MessageAsync("elicitation/create");
        var pending = await ElicitationAsync(stage, "pending");
        await Assert.That(pending.GetProperty("request").Text("message")).IsEqualTo("Where to?");
        await Assert.That(pending.Text("runId")).IsEqualTo((await stage.RunAsync("running")).Text("runId"));
        await stage.Editor.AnswerAsync(request, """{"content":{"branch":"main"},"action":"accept"}""");
        await stage.MessageAsync("""answered {"content":{"branch":"main"},"action":"accept"}""");
        var row = await ElicitationAsync(stage, "answered");

        await Assert.That(row.Text("answeredBy")).IsEqualTo("editor");
        await Assert.That(row.GetProperty("outcome").GetProperty("content").Text("branch")).IsEqualTo("main");
    }

    [Test]
    public async Task What_a_client_fills_in_first_is_the_answer_and_the_editors_late_one_is_dropped()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        await stage.Editor.MessageAsync("elicitation/create");
        var pending = await ElicitationAsync(stage, "pending");
        await stage.Client.AckedAsync($"\"control\":\"elicitation.respond\",\"requestId\":\"{pending.Text("requestId")}\",\"action\":\"accept\",\"content\":{{\"branch\":\"phone\"}}");
        var cancel = await stage.Editor.MessageAsync("$/cancel_request");
        await stage.MessageAsync("""answered {"action":"accept","content":{"branch":"phone"}}""");
        await stage.Editor.SendAsync("""{"jsonrpc":"2.0","id":"ask-1","result":{"action":"accept","content":{"branch":"late"}}}""");
        await stage.StopReasonAsync();

        await Assert.That(cancel.GetProperty("params").Text("requestId")).IsEqualTo("ask-1");
        await Assert.That((await ElicitationAsync(stage, "answered")).Text("answeredBy")).StartsWith("client");
        await Assert.That(stage.Editor.Lines.Count(line => line.Contains("answered", StringComparison.Ordinal))).IsEqualTo(1);
    }

    [Test]
    public async Task An_answer_that_does_not_fit_the_form_is_the_editors_matter_and_reaches_the_agent_all_the_same()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        var request = await stage.Editor.MessageAsync("elicitation/create");
        await ElicitationAsync(stage, "pending");
        await stage.Editor.AnswerAsync(request, """{"action":"accept","content":{"tag":7}}""");
        await stage.MessageAsync("""answered {"action":"accept","content":{"tag":7}}""");
        await ElicitationAsync(stage, "cancelled");
        await stage.RunAsync("completed");
    }

    [Test]
    public async Task A_cancel_of_a_client_answers_what_the_agent_asks_too()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("wait");
        await ElicitationAsync(stage, "pending");
        await stage.Client.AckedAsync($"\"control\":\"run.cancel\",\"threadId\":\"{stage.ThreadId}\"");
        await stage.Editor.MessageAsync("$/cancel_request");
        await stage.MessageAsync("""answered {"action":"cancel"}""");
        await stage.StopReasonAsync();
        await ElicitationAsync(stage, "cancelled");
    }

    [Test]
    public async Task A_page_is_completed_when_the_agent_says_so()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("page");
        var request = await stage.Editor.MessageAsync("elicitation/create");
        await ElicitationAsync(stage, "pending");
        await stage.Editor.AnswerAsync(request, """{"action":"accept"}""");
        await stage.Editor.MessageAsync("elicitation/complete");
        await Assert.That((await ElicitationAsync(stage, "completed")).Text("answeredBy")).IsEqualTo("editor");
    }

    [Test]
    public async Task A_form_that_still_waits_when_its_server_was_killed_is_asked_anew_at_the_next_one()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        await stage.Editor.MessageAsync("elicitation/create");
        var first = await ElicitationAsync(stage, "pending");
        await stage.Server.KillAsync();
        await stage.ConnectToEditorAsync();
        var second = await ElicitationAsync(stage, "pending");
        await Assert.That(second.Text("requestId")).IsNotEqualTo(first.Text("requestId"));
        await stage.Client.AckedAsync($"\"control\":\"elicitation.respond\",\"requestId\":\"{second.Text("requestId")}\",\"action\":\"decline\"");
        await stage.MessageAsync("""answered {"action":"decline"}""");
    }

    [Test]
    public async Task A_form_that_waits_while_the_server_is_stopped_is_not_cancelled()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        var request = await stage.Editor.MessageAsync("elicitation/create");
        await ElicitationAsync(stage, "pending");
        await stage.Server.StopAsync();
        await stage.StartServerAsync();
        await ElicitationAsync(stage, "pending");
        await stage.Editor.AnswerAsync(request, """{"action":"decline"}""");

        await stage.MessageAsync("""answered {"action":"decline"}""");
        await Assert.That(stage.Editor.Lines.Any(line => line.Contains("$/cancel_request", StringComparison.Ordinal))).IsFalse();
    }

    [Test]
    public async Task What_the_agent_takes_back_is_over_for_all_and_the_editors_answer_still_gets_there()
    {
        await using var stage = await EditorStage.OpenAsync(Asking + "on['_back'] = m => { send({ method: '$/cancel_request', params: { requestId: 'ask-1' } }); reply(m.id, {}); };");
        await stage.SendPromptAsync("go");
        await stage.Editor.MessageAsync("elicitation/create");
        await ElicitationAsync(stage, "pending");
        await stage.Editor.RequestAsync("_back", "{}");
        await ElicitationAsync(stage, "cancelled");
        await stage.Editor.SendAsync("""{"jsonrpc":"2.0","id":"ask-1","error":{"code":-32800,"message":"taken back"}}""");
        await stage.MessageAsync("""answered {"code":-32800,"message":"taken back"}""");
    }

    [Test]
    public async Task A_page_that_an_editor_answers_with_an_empty_form_is_accepted()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("page");
        var request = await stage.Editor.MessageAsync("elicitation/create");
        await ElicitationAsync(stage, "pending");
        await stage.Editor.AnswerAsync(request, """{"action":"accept","content":{}}""");
        await stage.MessageAsync("""answered {"action":"accept","content":{}}""");
        await ElicitationAsync(stage, "completed");
    }

    [Test]
    public async Task What_the_server_cannot_even_read_holds_up_nothing()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async text => { await ask('elicitation/create', { mode: 'form', message: 'Where to?', requestedSchema: { type: 'object' }, '\\ud800': 1 }, 'ask-1'); say('on it goes'); };");
        await stage.SendPromptAsync("go");
        var request = await stage.Editor.MessageAsync("elicitation/create");
        await stage.Editor.AnswerAsync(request, """{"action":"decline"}""");
        await stage.MessageAsync("on it goes");
        await stage.RunAsync("failed");
    }

    private static Task<System.Text.Json.JsonElement> ElicitationAsync(EditorStage stage, string status) =>
        stage.RowAsync("elicitations.list", stage.ThreadId, row => row.Text("status") == status);
}
