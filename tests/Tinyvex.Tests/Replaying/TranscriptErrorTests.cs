using Tinyvex.Replaying;

namespace Tinyvex.Tests.Replaying;

public class TranscriptErrorTests
{
    private const string Good = """{"dir":"c2a","t":0,"msg":{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}}""";

    [Test]
    [Arguments("{\"dir\":\"a2c\",", "line 3: is not JSON (at byte 12)")]
    [Arguments("[1]", "line 3: is not a JSON object")]
    [Arguments("{\"t\":1,\"msg\":{}}", "line 3: has no \"dir\"")]
    [Arguments("{\"dir\":\"up\",\"t\":1,\"msg\":{}}", "line 3: has no \"dir\"")]
    [Arguments("{\"dir\":\"a2c\",\"msg\":{}}", "line 3: has no time")]
    [Arguments("{\"dir\":\"a2c\",\"t\":-1,\"msg\":{}}", "line 3: has no time")]
    [Arguments("{\"dir\":\"a2c\",\"t\":1e99,\"msg\":{}}", "line 3: has no time")]
    [Arguments("{\"dir\":\"a2c\",\"t\":1}", "line 3: has neither")]
    [Arguments("{\"dir\":\"c2a\",\"t\":1,\"raw\":\"x\"}", "line 3: has neither")]
    [Arguments("{\"dir\":\"a2c\",\"t\":1,\"msg\":[]}", "line 3: has a \"msg\" that is not a JSON object")]
    [Arguments("{\"dir\":\"a2c\",\"t\":1,\"raw\":\"\\ud83e\"}", "line 3: has a string that is not Unicode text")]
    public async Task A_bad_line_is_named_with_what_is_wrong(string line, string reason)
    {
        // The empty line counts, so that the number is the one that an editor shows.
        using var transcript = new TemporaryTranscript($"{Good}\n\n{line}\n{Good}\n");

        await Assert.That(Failure(transcript.File)).StartsWith($"{transcript.File}, {reason}");
    }

    [Test]
    public async Task A_file_that_is_not_there_is_named()
    {
        await Assert.That(Failure("no/such/file.jsonl")).StartsWith("no/such/file.jsonl: ");
    }

    [Test]
    public async Task A_file_without_a_request_cannot_be_played()
    {
        using var transcript = new TemporaryTranscript("""{"dir":"a2c","t":0,"raw":"hello"}""");

        await Assert.That(Failure(transcript.File)).Contains("no request");
    }

    [Test]
    public async Task A_file_that_is_too_large_is_refused_before_it_is_read()
    {
        using var transcript = new TemporaryTranscript("");
        using (var file = File.OpenWrite(transcript.File))
            file.SetLength((256L << 20) + 1);

        await Assert.That(Failure(transcript.File)).EndsWith("is larger than 256 MiB");
    }

    private static string Failure(string file)
    {
        try
        {
            Transcript.Open(file);
            return "";
        }
        catch (TranscriptException e)
        {
            return e.Message;
        }
    }
}
