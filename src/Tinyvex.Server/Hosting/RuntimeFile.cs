using System.Text.Json;

namespace Tinyvex.Hosting;

/// <summary>
/// What a running server leaves beside its database, so that our own commands find it: owner only, since the token is in it.
/// </summary>
internal sealed record RuntimeFile
{
    public required string Url { get; init; }

    public required string Ws { get; init; }

    public string? Token { get; init; }

    public required int Pid { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long StartedAt { get; init; }

    public required string StoreId { get; init; }

    public static string PathOf(string database) => database + "-server.json";

    /// <summary>The server of a database, or null where none runs: a file whose server is gone says nothing.</summary>
    /// <remarks>To see whether the lock is taken it has to be tried, which would be in the way of a server that starts: so only then.</remarks>
    public static RuntimeFile? Find(string database) => Read(database) is { } file && InstanceLock.IsTaken(database) ? file : null;

    public static RuntimeFile? Read(string database)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(database)), HostingJson.Default.RuntimeFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it in one step: a reader sees the old file or the new one, never half of it.</summary>
    public void Write(string database)
    {
        var temporary = PathOf(database) + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options)) JsonSerializer.Serialize(file, this, HostingJson.Default.RuntimeFile);
        File.Move(temporary, PathOf(database), overwrite: true);
    }

    public static void Delete(string database)
    {
        try
        {
            File.Delete(PathOf(database));
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody removed the whole folder, the file with it.
        }
    }
}
