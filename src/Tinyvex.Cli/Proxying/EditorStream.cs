using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>Our stdout, which fails where the editor reads no more: the console passes over that in silence.</summary>
internal sealed class EditorStream(Stream stdout) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (ClosedOutput.IsClosed()) throw new IOException("the editor reads no more");
        stdout.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => stdout.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
