using System.Diagnostics;

namespace Tinyvex.Tests.Support;

/// <summary>A small file system of a test's own, to be filled up or made read-only. Skips the test where it may not mount.</summary>
internal sealed class TestMount : IDisposable
{
    private readonly TempFolder _folder = new();

    public TestMount(int kilobytes)
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("a full or read-only disk is made with Linux' tmpfs");
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tinyvex-test", _folder.Path) == 0) return;
        _folder.Dispose();
        Skip.Test("this user may not mount a file system");
    }

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", _folder.Path);

    public void MakeWritable() => Run("mount", "-o", "remount,rw", _folder.Path);

    /// <summary>Fills the disk but for some bytes.</summary>
    public void Fill(int but = 0)
    {
        using var file = new FileStream(this["ballast"], FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true) file.Write(page);
        }
        catch (IOException)
        {
            // Full, as it should be.
        }

        if (but > 0) file.SetLength(file.Length - but);
    }

    public void Empty() => File.Delete(this["ballast"]);

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        Run("umount", "--lazy", _folder.Path);
        _folder.Dispose();
    }
}
