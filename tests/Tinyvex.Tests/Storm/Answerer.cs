using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>A client that answers whatever agents ask for, by an option of theirs or by none.</summary>
internal sealed class Answerer(StormState storm, Random random)
{
    /// <summary>Answers until <paramref name="end"/>.</summary>
    public async Task RunAsync(Task end)
    {
        while (!end.IsCompleted && !storm.HasFailed)
        {
            await using var client = await storm.ConnectAsync();
            try
            {
                var snapshot = await client.SubscribeAsync("permissions");
                foreach (var row in snapshot.GetProperty("rows").EnumerateArray()) await AnswerAsync(client, row);
                while (!end.IsCompleted)
                {
                    var next = client.Frames.WaitToReadAsync().AsTask();
                    if (await Task.WhenAny(next, end) == end) break;
                    if (!await next) break;
                    if (client.Frames.TryRead(out var frame) && frame.TryGetProperty("row", out var row)) await AnswerAsync(client, row);
                }
            }
            catch (Exception exception) when (StormState.IsEndOfServer(exception))
            {
                // Killed; those that were pending are cancelled.
            }
        }
    }

    private async Task AnswerAsync(TestClient client, JsonElement row)
    {
        if (row.Text("status") != "pending") return;
        var options = row.GetProperty("options");
        var option = random.Next(4) == 0 ? null : options[random.Next(options.GetArrayLength())].Text("optionId");
        var answer = option is null ? "\"cancelled\":true" : $"\"optionId\":\"{option}\"";
        var reply = await client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{row.Text("requestId")}\",{answer}");
        if (reply.Text("type") == "tinyvex.ack")
        {
            storm.Ledger.Answers[$"{row.Text("threadId")} {row.Text("requestId")}"] = option is null ? "{\"outcome\":\"cancelled\"}" : $"{{\"outcome\":\"selected\",\"optionId\":\"{option}\"}}";
            storm.Ledger.CountAck();
        }
        else if (reply.Text("code") is not ("conflict" or "not_found"))
        {
            throw new Contradiction($"{answer} was answered {reply.GetRawText()}");
        }
    }
}
