using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>A permission is asked in the editor and of all clients, and the agent gets the answer of whoever was first, once.</summary>
public class EditorPermissionTests
{
    /// <summary>Asks, says how it was answered, and then how often in all.</summary>
    private const string Asking = """
        let answers = 0;
        prompt = async text => {
          const answer = await permit('c1', 'ask-1');
          say('answered ' + JSON.stringify(answer.result?.outcome ?? answer.error));
          if (text === 'wait') await cancelled;
        };
        const hear = asked.get.bind(asked);
        asked.get = id => { if (id === '"ask-1"') answers++; return hear(id); };
        on['_answers'] = m => reply(m.id, { answers });
        """;

    [Test]
    public async Task The_editors_answer_is_stored_as_the_editors_and_passes_as_it_was_written()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        var request = await stage.Editor.MessageAsync("session/request_permission");
        await stage.PermissionAsync("pending");
        await stage.Editor.AnswerAsync(request, """{"outcome":{"optionId":"yes","outcome":"selected","_meta":{"x":1}}}""");
        await stage.MessageAsync("""answered {"optionId":"yes","outcome":"selected","_meta":{"x":1}}""");
        var row = await stage.PermissionAsync("answered");

        await Assert.That(row.Text("answeredBy")).IsEqualTo("editor");
        await Assert.That(row.GetProperty("outcome").Text("optionId")).IsEqualTo("yes");
        await Assert.That(await AnswersAsync(stage)).IsEqualTo(1);
    }

    [Test]
    public async Task A_client_that_is_first_is_the_answer_and_the_editors_late_one_is_dropped()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        var request = await stage.Editor.MessageAsync("session/request_permission");
        var pending = await stage.PermissionAsync("pending");
        await stage.Client.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{pending.Text("requestId")}\",\"optionId\":\"no\"");
        var cancel = await stage.Editor.MessageAsync("$/cancel_request");
        await stage.MessageAsync("""answered {"outcome":"selected","optionId":"no"}""");
        await stage.Editor.SendAsync("""{"jsonrpc":"2.0","id":"ask-1","error":{"code":-32800,"message":"cancelled"}}""");
        var answers = await AnswersAsync(stage);

        await Assert.That(cancel.GetProperty("params").GetProperty("requestId").GetRawText()).IsEqualTo(request.GetProperty("id").GetRawText());
        await Assert.That(answers).IsEqualTo(1);
        await Assert.That((await stage.PermissionAsync("answered")).Text("answeredBy")).StartsWith("client");
    }

    [Test]
    public async Task An_editor_and_a_client_that_answer_at_once_give_the_agent_one_answer_and_it_is_the_stored_one()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        for (var round = 0; round < 10; round++)
        {
            await stage.SendPromptAsync("go", $"p{round}");
            await Deadline.UntilAsync(() => stage.Editor.Lines.Count(line => line.Contains("session/request_permission", StringComparison.Ordinal)) > round, "it asks");
            var pending = await stage.PermissionAsync("pending");
            await Task.WhenAll(
                stage.Editor.SendAsync("""{"jsonrpc":"2.0","id":"ask-1","result":{"outcome":{"outcome":"selected","optionId":"yes"}}}"""),
                stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{pending.Text("requestId")}\",\"optionId\":\"no\""));
            await stage.StopReasonAsync($"p{round}");
            var stored = (await stage.RowAsync("permissions.list", stage.ThreadId, row => row.Text("requestId") == pending.Text("requestId"))).GetProperty("outcome").Text("optionId");
            var heard = stage.Editor.Lines.Where(line => line.Contains("answered", StringComparison.Ordinal)).ElementAt(round);

            await Assert.That(heard).Contains($"\\\"{stored}\\\"");
            await Assert.That(await AnswersAsync(stage)).IsEqualTo(round + 1);
        }
    }

    [Test]
    public async Task What_the_threads_policy_allows_the_editor_is_asked_no_more()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.Client.AckedAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"{stage.ThreadId}\",\"updates\":{{\"policy\":\"allow-all\"}}");
        await stage.SendPromptAsync("go");
        var cancel = await stage.Editor.MessageAsync("$/cancel_request");
        await stage.MessageAsync("""answered {"outcome":"selected","optionId":"yes"}""");
        await stage.Editor.SendAsync("""{"jsonrpc":"2.0","id":"ask-1","result":{"outcome":{"outcome":"selected","optionId":"no"}}}""");

        await Assert.That(cancel.GetProperty("params").Text("requestId")).IsEqualTo("ask-1");
        await Assert.That((await stage.PermissionAsync("answered")).Text("answeredBy")).IsEqualTo("policy:allow-all");
        await Assert.That(await AnswersAsync(stage)).IsEqualTo(1);
    }

    [Test]
    public async Task A_refusal_of_the_editor_to_answer_is_a_cancelled_request_and_the_agent_gets_its_words()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        await stage.Editor.MessageAsync("session/request_permission");
        await stage.PermissionAsync("pending");
        await stage.Editor.SendAsync("""{"jsonrpc":"2.0","id":"ask-1","error":{"code":-32000,"message":"no window"}}""");
        await stage.MessageAsync("""answered {"code":-32000,"message":"no window"}""");
        await stage.PermissionAsync("cancelled");
    }

    [Test]
    public async Task A_cancel_of_a_client_answers_what_the_agent_asks_too()
    {
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("wait");
        await stage.PermissionAsync("pending");
        await stage.Client.AckedAsync($"\"control\":\"run.cancel\",\"threadId\":\"{stage.ThreadId}\"");
        await stage.Editor.MessageAsync("$/cancel_request");
        await stage.StopReasonAsync();

        await stage.MessageAsync("""answered {"outcome":"cancelled"}""");
        await Assert.That(await AnswersAsync(stage)).IsEqualTo(1);
    }

    [Test]
    public async Task Where_the_server_does_not_answer_the_editor_is_not_kept_waiting()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("Windows has no signals");
        await using var stage = await EditorStage.OpenAsync(Asking);
        await stage.SendPromptAsync("go");
        var request = await stage.Editor.MessageAsync("session/request_permission");
        await stage.PermissionAsync("pending");
        await Signals.SendAsync("STOP", stage.Server.Id);
        try
        {
            await stage.Editor.AnswerAsync(request, """{"outcome":{"outcome":"selected","optionId":"yes"}}""");
            await Assert.That(await stage.StopReasonAsync()).IsEqualTo("end_turn");
        }
        finally
        {
            await Signals.SendAsync("CONT", stage.Server.Id);
        }

        await Assert.That((await stage.PermissionAsync("answered")).Text("answeredBy")).IsEqualTo("editor");
        await stage.RunAsync("completed");
    }

    private static async Task<int> AnswersAsync(EditorStage stage) =>
        (await stage.Editor.RequestAsync("_answers", "{}")).GetProperty("result").GetProperty("answers").GetInt32();
}
