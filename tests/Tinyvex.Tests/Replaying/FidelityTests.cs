namespace Tinyvex.Tests.Replaying;

public class FidelityTests
{
    public static IEnumerable<string> Names() => Transcripts.Names();

    [Test]
    [MethodDataSource(nameof(Names))]
    public async Task A_client_gets_what_was_recorded_byte_for_byte(string name)
    {
        var recorded = new RecordedClient(await File.ReadAllLinesAsync(Transcripts.Path(name)));
        await using var client = ReplayClient.Start(Transcripts.Path(name));
        await recorded.DriveAsync(client);

        foreach (var session in recorded.RecordedSessions().Append(null))
        {
            var (expected, played) = (recorded.Recorded(session), recorded.Played(session, client));
            await Assert.That(string.Join('\n', played)).IsEqualTo(string.Join('\n', expected));
        }

        var answers = recorded.PlayedAnswers(client);
        foreach (var (id, answer) in recorded.RecordedAnswers())
        {
            // This one was asked of a session that nobody had opened, and the replay agent knows by itself what to say to that.
            if ((name, id) != ("zed-codex-acp-error.jsonl", "8"))
                await Assert.That(answers[id]).IsEqualTo(answer);
        }

        await Assert.That(await client.EndAsync()).IsEqualTo(0);
    }
}
