using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>An editor's session is a thread as any other: stored, streamed, and the editor's for as long as it has it open.</summary>
public class EditorRecordingTests
{
    [Test]
    public async Task A_turn_of_an_editor_is_stored_and_streamed()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async text => { say('You '); say('said ' + text); };");
        var snapshot = await stage.Client.SubscribeAsync("thread", stage.ThreadId);
        await stage.Editor.PromptAsync(stage.SessionId, "hello");
        var streamed = await stage.Client.NextAsync(frame => frame.Text("stream") == "messages" && frame.Text("type") == "tinyvex.update" && frame.Text("role") == "assistant");
        var run = await stage.RunAsync("completed");
        var thread = await stage.ThreadAsync(stage.SessionId);
        var said = await stage.MessageAsync("You said hello");
        var asked = await stage.MessageAsync("hello");

        await Assert.That(snapshot.GetProperty("thread").Text("workingDirectory")).IsEqualTo(stage.Folder.Path);
        await Assert.That(streamed.Text("append")).StartsWith("You ");
        await Assert.That(run.Text("agent")).IsEqualTo("agent");
        await Assert.That(run.Text("stopReason")).IsEqualTo("end_turn");
        await Assert.That(thread.Text("source")).IsEqualTo("agent");
        await Assert.That(thread.Text("title")).IsEqualTo("hello");
        await Assert.That(said.Text("role")).IsEqualTo("assistant");
        await Assert.That(asked.Text("role")).IsEqualTo("user");
    }

    [Test]
    public async Task What_the_session_is_like_is_stored_with_it()
    {
        await using var stage = await EditorStage.OpenAsync(
            """
            on['session/new'] = m => {
              update({ sessionUpdate: 'available_commands_update', availableCommands: [{ name: 'early', description: '' }] });
              reply(m.id, { sessionId: 's1', modes: { currentModeId: 'ask', availableModes: [{ id: 'ask', name: 'Ask' }, { id: 'code', name: 'Code' }] } });
            };
            on['session/set_mode'] = m => reply(m.id, {});
            """);
        await stage.RowAsync("state.get", stage.ThreadId, row => row.GetProperty("availableCommands").GetRawText().Contains("early", StringComparison.Ordinal) && row.Text("currentModeId") == "ask");
        await stage.Editor.RequestAsync("session/set_mode", """{"sessionId":"s1","modeId":"code"}""");
        var state = await stage.RowAsync("state.get", stage.ThreadId, row => row.Text("currentModeId") == "code");

        await Assert.That(state.GetProperty("availableModes").GetArrayLength()).IsEqualTo(2);
    }

    [Test]
    public async Task A_prompt_from_elsewhere_waits_for_the_end_of_the_editors_session()
    {
        await using var stage = await EditorStage.OpenAsync("");
        await stage.Editor.PromptAsync(stage.SessionId, "hello");
        await stage.RunAsync("completed");
        var submit = $"\"control\":\"run.submit\",\"text\":\"and from a phone\",\"threadId\":\"{stage.ThreadId}\"";
        var refused = await stage.Client.RequestAsync(submit);
        await stage.Editor.EndAsync();
        await Deadline.UntilAsync(() => stage.Client.RequestAsync(submit).GetAwaiter().GetResult().Text("type") == "run.submitted", "the thread is anybody's");
        var said = await stage.MessageAsync("You said and from a phone");

        await Assert.That(refused.Text("code")).IsEqualTo("conflict");
        await Assert.That(refused.Text("message")).Contains("an editor drives this thread");
        await Assert.That(said.Text("role")).IsEqualTo("assistant");
    }

    [Test]
    public async Task A_cancel_of_a_client_ends_the_editors_turn()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async () => { say('working'); await cancelled; return 'cancelled'; };");
        await stage.SendPromptAsync("go");
        await stage.MessageAsync("working");
        await stage.Client.AckedAsync($"\"control\":\"run.cancel\",\"threadId\":\"{stage.ThreadId}\"");
        var reason = await stage.StopReasonAsync();
        var run = await stage.RunAsync("cancelled");

        await Assert.That(reason).IsEqualTo("cancelled");
        await Assert.That(run.Text("stopReason")).IsEqualTo("cancelled");
    }

    [Test]
    public async Task An_error_of_the_agent_fails_the_run_with_its_words()
    {
        await using var stage = await EditorStage.OpenAsync("on['session/prompt'] = m => fail(m.id, -32603, 'no model', { details: 'quota' });");
        await stage.Editor.PromptAsync(stage.SessionId, "go");
        var run = await stage.RunAsync("failed");

        await Assert.That(run.GetProperty("error").Text("message")).IsEqualTo("no model");
        await Assert.That(run.GetProperty("error").GetProperty("data").GetRawText()).Contains("quota");
    }

    [Test]
    public async Task An_agent_that_exits_in_a_turn_fails_the_run()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async () => { say('Goodbye'); process.exit(9); };");
        await stage.SendPromptAsync("go");
        var run = await stage.RunAsync("failed");

        await Assert.That(run.GetProperty("error").Text("message")).IsEqualTo("the agent exited with code 9");
    }

    [Test]
    public async Task What_the_agent_says_behind_its_turn_is_stored_and_made_final()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async () => { setTimeout(() => say('one more thing'), 50); };");
        await stage.Editor.PromptAsync(stage.SessionId, "go");
        await stage.RowAsync("messages.list", stage.ThreadId, row => row.Text("text") == "one more thing" && !row.GetProperty("partial").GetBoolean());
    }

    [Test]
    public async Task A_thread_that_a_client_deletes_is_another_one_from_the_next_prompt_on()
    {
        await using var stage = await EditorStage.OpenAsync("");
        await stage.Editor.PromptAsync(stage.SessionId, "one");
        await stage.RunAsync("completed");
        await stage.Client.AckedAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{stage.ThreadId}\"");
        await stage.Editor.PromptAsync(stage.SessionId, "two");
        var thread = await stage.ThreadAsync(stage.SessionId);
        await stage.RowAsync("messages.list", thread.Text("id"), row => row.Text("text") == "You said two");

        await Assert.That(thread.Text("id")).IsNotEqualTo(stage.ThreadId);
    }

    [Test]
    public async Task A_thread_that_is_deleted_in_the_middle_of_a_turn_does_not_come_back_with_the_rest_of_it()
    {
        await using var stage = await EditorStage.OpenAsync(
            "prompt = async text => { say('begun'); if (text === 'two') return; await permit(); say('after'); await permit('c2'); say('the end'); };");
        await stage.SendPromptAsync("one");
        var asked = await stage.Editor.MessageAsync("session/request_permission");
        await stage.PermissionAsync("pending");
        await stage.Client.AckedAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{stage.ThreadId}\"");
        const string yes = """{"outcome":{"outcome":"selected","optionId":"yes"}}""";
        await stage.Editor.AnswerAsync(asked, yes);
        var again = await stage.Editor.MessageAsync(message => message.TryGetProperty("params", out var of) && of.Has("toolCall") && of.GetProperty("toolCall").Text("toolCallId") == "c2");
        await stage.Editor.AnswerAsync(again, yes);
        await stage.StopReasonAsync();
        await stage.Editor.PromptAsync(stage.SessionId, "two");
        var thread = await stage.ThreadAsync(stage.SessionId);
        await stage.RowAsync("runs.list", thread.Text("id"), row => row.Text("status") == "completed");

        await Assert.That((await stage.Client.RowsAsync("threads.list")).Select(row => row.Text("id")).Lines()).IsEqualTo(thread.Text("id"));
        await Assert.That((await stage.Client.RowsAsync("messages.list", thread.Text("id"))).Select(row => row.Text("text")).Lines()).IsEqualTo("two\nbegun");
        await Assert.That(stage.Editor.Errors).DoesNotContain("refuses");
    }

    [Test]
    public async Task A_deleted_thread_comes_back_neither_with_a_new_server_nor_with_what_is_said_behind_a_turn()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async text => { say('You said ' + text); }; on['_say'] = m => { say('late'); reply(m.id, {}); };");
        await stage.Editor.PromptAsync(stage.SessionId, "one");
        await stage.RunAsync("completed");
        await stage.Client.AckedAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{stage.ThreadId}\"");
        await stage.Editor.RequestAsync("_say", "{}");
        await stage.Server.StopAsync();
        await stage.StartServerAsync();
        await stage.Editor.RequestAsync("_say", "{}");
        // Whatever was said before is dealt with once this is stored.
        await stage.Editor.PromptAsync(stage.SessionId, "two");
        var thread = await stage.ThreadAsync(stage.SessionId);
        await stage.RowAsync("runs.list", thread.Text("id"), row => row.Text("status") == "completed");

        await Assert.That((await stage.Client.RowsAsync("threads.list")).Select(row => row.Text("id")).Lines()).IsEqualTo(thread.Text("id"));
        await Assert.That((await stage.Client.RowsAsync("messages.list", thread.Text("id"))).Select(row => row.Text("text")).Lines()).IsEqualTo("two\nYou said two");
    }

    [Test]
    public async Task Modes_of_a_thread_that_an_editor_drives_are_the_editors()
    {
        await using var stage = await EditorStage.OpenAsync("");
        await Assert.That(await stage.Client.RefusedAsync($"\"control\":\"session.set_mode\",\"threadId\":\"{stage.ThreadId}\",\"modeId\":\"code\"")).IsEqualTo("conflict");
    }

    [Test]
    public async Task A_proxy_that_is_killed_leaves_a_failed_run_and_a_thread_that_is_anybodys()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async text => { say(text); if (text === 'stay') await never; };", "--attach-grace", "0.2");
        await stage.SendPromptAsync("stay");
        await stage.RowAsync("messages.list", stage.ThreadId, row => row.Text("text") == "stay" && row.GetProperty("role").GetString() == "assistant");
        stage.Editor.Process.Kill();
        var run = await stage.RunAsync("failed");
        await stage.Client.RequestAsync($"\"control\":\"run.submit\",\"text\":\"from a phone\",\"threadId\":\"{stage.ThreadId}\"");
        await stage.RunAsync("completed");

        await Assert.That(run.GetProperty("error").Text("message")).Contains("was lost");
    }

    [Test]
    public async Task Two_prompts_at_once_are_two_runs_one_after_the_other()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async text => { await sleep(20); say('You said ' + text); };");
        await stage.SendPromptAsync("one", "p1");
        await stage.SendPromptAsync("two", "p2");
        await stage.StopReasonAsync("p1");
        await stage.StopReasonAsync("p2");
        await Deadline.UntilAsync(() => stage.Client.RowsAsync("runs.list", stage.ThreadId).GetAwaiter().GetResult().Count(run => run.Text("status") == "completed") == 2, "both are stored");
    }

    [Test]
    public async Task Two_sessions_of_one_agent_are_two_threads()
    {
        await using var stage = await EditorStage.OpenAsync(
            """
            let sessions = 0;
            on['session/new'] = m => reply(m.id, { sessionId: `s${++sessions}` });
            on['session/prompt'] = async m => {
              for (let i = 0; i < 20; i++) {
                send({ method: 'session/update', params: { sessionId: m.params.sessionId, update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: `${m.params.sessionId} ` } } } });
                await sleep(1);
              }
              reply(m.id, { stopReason: 'end_turn' });
            };
            """);
        var second = (await stage.Editor.RequestAsync("session/new", $$"""{"cwd":{{Wire.Quote(stage.Folder.Path)}},"mcpServers":[]}""")).GetProperty("result").Text("sessionId");
        var other = (await stage.ThreadAsync(second)).Text("id");
        await Task.WhenAll(stage.Editor.PromptAsync(stage.SessionId, "a"), stage.Editor.PromptAsync(second, "b"));

        await stage.MessageAsync(string.Concat(Enumerable.Repeat("s1 ", 20)));
        await stage.RowAsync("messages.list", other, row => row.Text("text") == string.Concat(Enumerable.Repeat("s2 ", 20)));
        await Assert.That(other).IsNotEqualTo(stage.ThreadId);
    }

    [Test]
    public async Task A_session_that_is_loaded_again_is_the_same_thread_and_nothing_is_stored_twice()
    {
        const string Script = """
            on['session/load'] = async m => {
              update({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'hello' } });
              say('You said hello');
              update({ sessionUpdate: 'available_commands_update', availableCommands: [{ name: 'again', description: '' }] });
              reply(m.id, {});
            };
            """;
        await using var stage = await EditorStage.OpenAsync(Script);
        await stage.Editor.PromptAsync(stage.SessionId, "hello");
        await stage.RunAsync("completed");
        await stage.Editor.EndAsync();
        await using var again = stage.StartEditor();
        await again.RequestAsync("initialize", """{"protocolVersion":1}""");
        await again.RequestAsync("session/load", $$"""{"sessionId":"s1","cwd":{{Wire.Quote(stage.Folder.Path)}},"mcpServers":[]}""");
        await stage.RowAsync("state.get", stage.ThreadId, row => row.GetProperty("availableCommands").GetRawText().Contains("again", StringComparison.Ordinal));
        await again.PromptAsync("s1", "more");
        await stage.MessageAsync("You said more");
        var texts = (await stage.Client.RowsAsync("messages.list", stage.ThreadId)).Select(row => row.Text("text")).Lines();

        await Assert.That(texts).IsEqualTo(((string[])["hello", "You said hello", "more", "You said more"]).Lines());
        await Assert.That((await stage.Client.RowsAsync("threads.list")).Length).IsEqualTo(1);
    }

    [Test]
    public async Task A_session_from_before_is_stored_as_the_agent_tells_it_anew()
    {
        await using var stage = await EditorStage.OpenAsync(
            """
            on['session/load'] = async m => {
              const tell = update => send({ method: 'session/update', params: { sessionId: 'old', update } });
              tell({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'long ago' } });
              tell({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'indeed' } });
              reply(m.id, {});
            };
            """);
        await stage.Editor.RequestAsync("session/load", $$"""{"sessionId":"old","cwd":{{Wire.Quote(stage.Folder.Path)}},"mcpServers":[]}""");
        var thread = (await stage.ThreadAsync("old")).Text("id");
        await stage.RowAsync("messages.list", thread, row => row.Text("text") == "indeed");
        var texts = (await stage.Client.RowsAsync("messages.list", thread)).Select(row => row.Text("text")).Lines();

        await Assert.That(texts).IsEqualTo("long ago\nindeed");
    }
}
