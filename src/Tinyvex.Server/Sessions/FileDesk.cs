using System.Text.Json;
using Tinyvex.Agents;
using Tinyvex.TextFiles;

namespace Tinyvex.Sessions;

/// <summary>
/// An agent's files, by ACP's <c>fs/*</c>: text files within the thread's directories. Requests are done one after the other, in the order in which
/// they came, beside the agent's reading loop: a disk may take its time.
/// </summary>
/// <remarks>https://agentclientprotocol.com/protocol/v1/file-system</remarks>
internal sealed class FileDesk(FileRoots roots, TinyvexOptions options)
{
    private const string Read = "fs/read_text_file";
    private const string Write = "fs/write_text_file";

    /// <summary>Requests that wait; beyond it the agent waits too. Each may hold a whole file.</summary>
    private const int MaxWaiting = 4;

    private Task _last = Task.CompletedTask;
    private int _waiting;

    public static bool Handles(string method) => method is Read or Write;

    public async Task HandleAsync(AgentConnection connection, ReadOnlyMemory<byte> id, string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetProperty("path"u8, out var path) || path.ValueKind != JsonValueKind.String)
        {
            await connection.RespondErrorAsync(id, AgentRpcException.InvalidParams, $"{method} needs 'path', a string");
            return;
        }

        var name = JsonText.Text(path);
        Func<Action<Utf8JsonWriter>> work;
        if (method == Read)
        {
            if (!TryNumber(parameters, "line", out var from) || !TryNumber(parameters, "limit", out var limit))
            {
                await connection.RespondErrorAsync(id, AgentRpcException.InvalidParams, "'line' and 'limit' must be numbers");
                return;
            }

            work = () => ReadFile(name, from ?? 1, limit);
        }
        else
        {
            if (!parameters.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.String)
            {
                await connection.RespondErrorAsync(id, AgentRpcException.InvalidParams, $"{method} needs 'content', a string");
                return;
            }

            var text = line.StringUtf8(content);
            work = () => WriteFile(name, text);
        }

        if (Interlocked.Increment(ref _waiting) > MaxWaiting) await _last;
        _last = DoAsync(_last, connection, id, work);
    }

    private async Task DoAsync(Task before, AgentConnection connection, ReadOnlyMemory<byte> id, Func<Action<Utf8JsonWriter>> work)
    {
        await before;
        try
        {
            // Reading and writing block, so not on a thread that serves sockets.
            var result = await Task.Run(work);
            await connection.RespondAsync(id, result);
        }
        catch (FileRefusedException refused)
        {
            await connection.RespondErrorAsync(id, refused.IsMissing ? AgentRpcException.ResourceNotFound : AgentRpcException.InvalidParams, refused.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            await connection.RespondErrorAsync(id, AgentRpcException.InternalError, exception.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private Action<Utf8JsonWriter> ReadFile(string path, long line, long? limit)
    {
        var text = TextFile.Read(roots.Resolve(path), line, limit, options.MaxFileBytes);
        return json =>
        {
            json.WriteStartObject();
            json.WriteString("content"u8, text.Span);
            json.WriteEndObject();
        };
    }

    private Action<Utf8JsonWriter> WriteFile(string path, ReadOnlyMemory<byte> text)
    {
        TextFile.Write(roots.Resolve(path), text.Span);
        return static json =>
        {
            json.WriteStartObject();
            json.WriteEndObject();
        };
    }

    private static bool TryNumber(JsonElement parameters, string field, out long? number)
    {
        number = null;
        if (!parameters.TryGetProperty(field, out var given) || given.ValueKind == JsonValueKind.Null) return true;
        if (given.ValueKind != JsonValueKind.Number || !given.TryGetInt64(out var value) || value < 0) return false;
        number = value;
        return true;
    }
}
