namespace Tinyvex.Tests.Support;

/// <summary>All files of a folder with their bytes, to see that nothing was changed and nothing left behind.</summary>
internal static class FolderState
{
    public static string Of(string folder) => string.Join('\n', Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(path =>
        $"{Path.GetFileName(path)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"));
}
