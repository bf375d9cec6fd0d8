namespace Tinyvex.Bench.Kestrel;

/// <summary>Frames that were published at once, and a way to those that follow. Whoever has read it lets go of it.</summary>
internal sealed class FrameBatch(byte[] frames)
{
    private readonly TaskCompletionSource<FrameBatch> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] Frames => frames;

    public Task<FrameBatch> Next => _next.Task;

    public void SetNext(FrameBatch next) => _next.SetResult(next);
}
