using System.Text.Json;

namespace Tinyvex.CodexExec;

/// <summary>The sessions on disk, a small file each.</summary>
internal sealed class CodexSessions(string folder)
{
    public static string NewId() => "codex-exec-" + Guid.CreateVersion7().ToString("N");

    /// <summary>The session as it was saved, or null where there is none of that name.</summary>
    public CodexSession? Find(string id)
    {
        // A session is named by whoever asks, and a file must not be.
        if (!IsOurs(id)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(id)), CodexSession.Json.Default.CodexSession);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Save(CodexSession session)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var path = PathOf(session.Id);
            // In one step: a file that is half written would be a conversation lost.
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(session, CodexSession.Json.Default.CodexSession));
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CodexExecException(CodexExecException.InternalError, $"the session cannot be kept in {folder}: {exception.Message}");
        }
    }

    public void Delete(string id)
    {
        if (IsOurs(id) && Directory.Exists(folder)) File.Delete(PathOf(id));
    }

    private static bool IsOurs(string id) => id.Length < 100 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private string PathOf(string id) => Path.Combine(folder, id + ".json");
}
