using System.Text;
using Tinyvex.Cli.Proxying;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Proxying;

/// <summary>What the race itself decides; with an editor, an agent and a server it is in EditorPermissionTests and EditorElicitationTests.</summary>
public class AnswerRaceTests
{
    [Test]
    public async Task A_cancel_answers_what_was_asked_also_before_the_server_knows_of_it()
    {
        using var agent = new MemoryStream();
        using var editor = new MemoryStream();
        var race = new AnswerRace(new SharedOutput(agent), new SharedOutput(editor), TimeProvider.System);
        var session = new ProxiedSession("s1");
        race.Ask(Asked("1", session));
        race.Ask(Asked("2", new ProxiedSession("s2")));
        race.CancelAllByStore(session);

        await Deadline.UntilAsync(() => Said(agent).EndsWith('\n') && Said(editor).EndsWith('\n'), "both are told");
        await Assert.That(Said(agent)).IsEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"outcome\":{\"outcome\":\"cancelled\"}}}\n");
        await Assert.That(Said(editor)).IsEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancel_request\",\"params\":{\"requestId\":1}}\n");
        await Assert.That(race.TryTake("""{"jsonrpc":"2.0","id":1,"result":{}}"""u8.ToArray(), out var late)).IsTrue();
        await Assert.That(late).IsNull();
        await Assert.That(race.Waits).IsTrue().Because("the other session's request is open");
    }

    private static PermissionQuestion Asked(string id, ProxiedSession session) =>
        new(new JsonSlice(Encoding.UTF8.GetBytes(id)), session, turn: null, default, default);

    private static string Said(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
