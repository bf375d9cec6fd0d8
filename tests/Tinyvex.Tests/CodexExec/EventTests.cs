using Tinyvex.Acp;

namespace Tinyvex.Tests.CodexExec;

/// <summary>Every event and item that codex prints, and what a client sees of it.</summary>
public class EventTests
{
    [Test]
    public async Task Text_that_grows_is_told_by_what_is_new_of_it()
    {
        var told = Translation.Of(
            """{"type":"item.started","item":{"id":"item_0","type":"agent_message","text":""}}""",
            """{"type":"item.updated","item":{"id":"item_0","type":"agent_message","text":"Hel"}}""",
            """{"type":"item.updated","item":{"id":"item_0","type":"agent_message","text":"Hello"}}""",
            """{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"Hello."}}""",
            """{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"Hello."}}""",
            """{"type":"item.completed","item":{"id":"item_2","type":"reasoning","text":"Hm."}}""",
            """{"type":"item.delta","item":{"id":"item_3","type":"agent_message","text":"A"}}""",
            """{"type":"item.delta","item":{"id":"item_3","type":"agent_message","text":"B"}}""",
            """{"type":"item.completed","item":{"id":"item_3","type":"agent_message","text":"ABC"}}""",
            """{"type":"item.updated","item":{"id":"item_4","type":"agent_message","text":"one"}}""",
            """{"type":"item.completed","item":{"id":"item_4","type":"agent_message","text":"two"}}""");

        await Assert.That(told.Texts("agent_message_chunk")).IsEqualTo("Hel|lo|.\nHello.\nA|B|C\none\ntwo");
        await Assert.That(told.Texts("agent_thought_chunk")).IsEqualTo("Hm.");
    }

    [Test]
    public async Task A_command_is_one_call_from_its_beginning_to_its_end()
    {
        var told = Translation.Of(
            """{"type":"item.started","item":{"id":"item_3","type":"command_execution","command":"/bin/bash -lc 'pwd && ls'","aggregated_output":"","exit_code":null,"status":"in_progress"}}""",
            """{"type":"item.updated","item":{"id":"item_3","type":"command_execution","command":"/bin/bash -lc 'pwd && ls'","aggregated_output":"/a","exit_code":null,"status":"in_progress"}}""",
            """{"type":"item.completed","item":{"id":"item_3","type":"command_execution","command":"/bin/bash -lc 'pwd && ls'","aggregated_output":"/a\nb","exit_code":2,"status":"failed"}}""",
            """{"type":"item.completed","item":{"id":"item_4","type":"command_execution","command":"bash -lc \"echo \\\"x\\\"\"","aggregated_output":"","exit_code":null,"status":"declined"}}""");
        var last = told.Updates[2];

        await Assert.That(told.Calls()).IsEqualTo(
            "+ pwd && ls execute in_progress\n  pwd && ls execute in_progress\n  pwd && ls execute failed\n+ echo \"x\" execute failed");
        await Assert.That(last.GetProperty("content")[0].GetProperty("content").Text("text")).IsEqualTo("/a\nb");
        await Assert.That(last.GetProperty("rawOutput").GetProperty("exitCode").GetInt32()).IsEqualTo(2);
        await Assert.That(last.GetProperty("rawInput").Text("command")).IsEqualTo("/bin/bash -lc 'pwd && ls'");
        await Assert.That(told.Updates.Take(3).Select(update => update.Text("toolCallId")).Distinct().Count()).IsEqualTo(1);
    }

    [Test]
    public async Task Ids_of_one_turn_are_not_those_of_another()
    {
        const string item = """{"type":"item.completed","item":{"id":"item_0","type":"web_search","query":"x"}}""";
        await Assert.That(Translation.Of(item).Updates[0].Text("toolCallId")).IsNotEqualTo(Translation.Of(item).Updates[0].Text("toolCallId"));
    }

    [Test]
    public async Task Tools_of_others_show_what_they_were_asked_and_what_they_said()
    {
        var told = Translation.Of(
            """{"type":"item.started","item":{"id":"item_0","type":"mcp_tool_call","server":"docs","tool":"find","arguments":{"q":"x"},"result":null,"error":null,"status":"in_progress"}}""",
            """{"type":"item.completed","item":{"id":"item_0","type":"mcp_tool_call","server":"docs","tool":"find","arguments":{"q":"x"},"result":{"content":[{"type":"text","text":"Found"},{"type":"image","data":"aGk=","mimeType":"image/png"}],"structured_content":{"n":1}},"error":null,"status":"completed"}}""",
            """{"type":"item.completed","item":{"id":"item_1","type":"mcp_tool_call","server":"docs","tool":"find","arguments":null,"result":null,"error":{"message":"No such tool"},"status":"failed"}}""",
            """{"type":"item.completed","item":{"id":"item_2","type":"collab_tool_call","tool":"spawn_agent","sender_thread_id":"a","receiver_thread_ids":["b"],"prompt":"Look","agents_states":{"b":{"status":"completed","message":"Done"}},"status":"completed"}}""");

        await Assert.That(told.Calls()).IsEqualTo("+ docs.find other in_progress\n  docs.find other completed\n+ docs.find other failed\n+ spawn agent other completed");
        await Assert.That(told.Updates[1].GetProperty("content").GetArrayLength()).IsEqualTo(2);
        await Assert.That(told.Updates[1].GetProperty("rawInput").Text("q")).IsEqualTo("x");
        await Assert.That(told.Updates[1].GetProperty("rawOutput").GetProperty("structured_content").GetProperty("n").GetInt32()).IsEqualTo(1);
        await Assert.That(told.Updates[2].GetProperty("content")[0].GetProperty("content").Text("text")).IsEqualTo("No such tool");
        await Assert.That(told.Updates[3].GetProperty("content")[0].GetProperty("content").Text("text")).IsEqualTo("Done");
    }

    [Test]
    public async Task A_search_of_the_web_is_called_what_it_does()
    {
        var told = Translation.Of(
            """{"type":"item.started","item":{"id":"item_0","type":"web_search","id":"ws_1","query":"","action":{"type":"other"}}}""",
            """{"type":"item.completed","item":{"id":"item_0","type":"web_search","id":"ws_1","query":"tinyvex","action":{"type":"search","query":"tinyvex"}}}""",
            """{"type":"item.completed","item":{"id":"item_1","type":"web_search","query":"","action":{"type":"open_page","url":"https://example.org"}}}""",
            """{"type":"item.completed","item":{"id":"item_2","type":"web_search","query":"","action":{"type":"find_in_page","url":"https://example.org","pattern":"x"}}}""");

        await Assert.That(told.Calls()).IsEqualTo(
            "+ Web search search in_progress\n  Web search: tinyvex search completed\n+ Open https://example.org fetch completed\n+ Find x in https://example.org fetch completed");
        await Assert.That(told.Updates[0].Text("toolCallId")).IsEqualTo(told.Updates[1].Text("toolCallId")).And.EndsWith("item_0");
    }

    [Test]
    public async Task A_list_of_things_to_do_is_the_plan()
    {
        var told = Translation.Of("""{"type":"item.updated","item":{"id":"item_0","type":"todo_list","items":[{"text":"Look","completed":true},{"text":"Mend","completed":false}]}}""");

        await Assert.That(told.Plan()).IsEqualTo("Look: completed\nMend: pending");
    }

    [Test]
    public async Task Changed_files_are_one_call_with_their_places()
    {
        var told = Translation.Of(
            """{"type":"item.started","item":{"id":"item_0","type":"file_change","changes":[{"path":"/a/b.txt","kind":"update"}],"status":"in_progress"}}""",
            """{"type":"item.completed","item":{"id":"item_0","type":"file_change","changes":[{"path":"/a/b.txt","kind":"update"}],"status":"completed"}}""",
            """{"type":"item.completed","item":{"id":"item_1","type":"file_change","changes":[{"path":"/a/b.txt","kind":"add"},{"path":"/a/c.txt","kind":"delete"}],"status":"failed"}}""",
            """{"type":"item.completed","item":{"id":"item_2","type":"file_change","changes":[{"path":"/a/c.txt","kind":"delete"}],"status":"completed"}}""");

        await Assert.That(told.Calls()).IsEqualTo("+ Edit b.txt edit in_progress\n  Edit b.txt edit completed\n+ Change 2 files edit failed\n+ Delete c.txt delete completed");
        await Assert.That(string.Join(' ', told.Updates[2].GetProperty("locations").EnumerateArray().Select(place => place.Text("path")))).IsEqualTo("/a/b.txt /a/c.txt");
    }

    [Test]
    public async Task What_is_not_known_is_shown_with_all_that_it_says()
    {
        var told = Translation.Of(
            """{"type":"item.completed","item":{"id":"item_0","type":"quantum_leap","where":"far"}}""",
            """{"type":"quantum.event","x":1}""",
            """{"type":"item.completed","item":{"id":"item_1","type":"error","message":"A warning"}}""",
            """{"type":"item.plan.delta","item_id":"item_2","delta":"1. Lo"}""",
            """{"type":"item.completed","item":{"id":"item_2","type":"plan","text":"1. Look"}}""");

        await Assert.That(told.Calls()).IsEqualTo("+ quantum_leap other completed");
        await Assert.That(told.Updates[0].GetProperty("rawInput").Text("where")).IsEqualTo("far");
        await Assert.That(told.Texts("agent_message_chunk")).IsEqualTo("A warning\n1. Lo|ok");
    }

    [Test]
    public async Task The_thread_its_usage_and_its_failure_are_kept()
    {
        var told = Translation.Of(
            """{"type":"thread.started","thread_id":"01a2"}""",
            """{"type":"turn.started"}""",
            """{"type":"error","message":"Reconnecting... 1/5"}""",
            """{"type":"turn.completed","usage":{"input_tokens":10,"cached_input_tokens":4,"output_tokens":3,"reasoning_output_tokens":2}}""");
        var failed = Translation.Of("""{"type":"turn.started"}""", """{"type":"turn.failed","error":{"message":"No credit"}}""");
        var cut = Translation.Of("""{"type":"turn.started"}""", """{"type":"item.started","item":{"id":"item_0","type":"command_execution","command":"ls","status":"in_progress"}}""");

        await Assert.That(told.Thread).IsEqualTo("01a2");
        await Assert.That((told.Events.Failure, told.Events.LastError, told.Events.IsUnfinished)).IsEqualTo((null, "Reconnecting... 1/5", false));
        await Assert.That((told.Events.Usage!.Input, told.Events.Usage.CachedInput, told.Events.Usage.Output, told.Events.Usage.Reasoning)).IsEqualTo((10, 4, 3, 2));
        await Assert.That((failed.Events.Failure, failed.Events.IsUnfinished)).IsEqualTo(("No credit", false));
        await Assert.That(cut.Events.IsUnfinished).IsTrue();
        await Assert.That(cut.Calls()).IsEqualTo("+ ls execute in_progress\n    failed");
    }

    [Test]
    public async Task Events_from_before_there_were_items_are_taken_too()
    {
        var told = Translation.Of(
            """{"type":"agent_message_content_delta","delta":"Hel"}""",
            """{"event":"AgentMessageContentDelta","delta":"lo"}""",
            """{"type":"agent_message","message":"Hello."}""",
            """{"type":"agent_message","message":"Again."}""",
            """{"type":"agent_reasoning_delta","delta":"H"}""",
            """{"type":"reasoning_content_delta","delta":"m"}""",
            """{"type":"plan_update","plan":[{"step":"Look","status":"completed"},{"content":"Mend","status":"in-progress"},{"status":"pending"}]}""",
            """{"id":"0","msg":{"type":"exec_command_begin","call_id":"c1","command":["bash","-lc","ls -l"],"cwd":"/a"}}""",
            """{"id":"0","msg":{"type":"exec_command_end","call_id":"c1","stdout":"x","stderr":"","exit_code":0}}""",
            """{"type":"event_msg","payload":{"type":"agent_reasoning","text":"Hm!"}}""",
            """{"type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Done"}]}}""",
            """{"type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"no"}]}}""",
            """{"type":"session.created","session_id":"old"}""");

        await Assert.That(told.Texts("agent_message_chunk")).IsEqualTo("Hel|lo|.\nAgain.\nDone");
        await Assert.That(told.Texts("agent_thought_chunk")).IsEqualTo("H|m|!");
        await Assert.That(told.Plan()).IsEqualTo("Look: completed\nMend: in_progress");
        await Assert.That(told.Calls()).IsEqualTo("+ ls -l execute in_progress\n    completed");
        await Assert.That(told.Thread).IsEqualTo("old");
        await Assert.That(told.Events.IsUnfinished).IsFalse();
    }
}
