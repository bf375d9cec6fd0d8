namespace Tinyvex.Writing;

/// <summary>Writes that were sent before under the same key.</summary>
internal sealed partial class Writer
{
    private byte[]? FirstReply(IdempotencyKey key)
    {
        ForgetOldKeys();
        var row = _store.Get(IdempotencyKey.Find).Bind(1, key.Key).Bind(2, _now - (long)_options.KeyLifetime.TotalMilliseconds);
        if (!row.Step()) return null;
        var same = row.Text(0) == key.Control && row.Utf8(1).SequenceEqual(key.PayloadHash);
        var reply = row.Utf8(2).ToArray();
        row.Reset();
        return same ? reply : throw new TinyvexException(
            ErrorCode.Conflict, "this key was sent with another control or payload; use a new key for a new write");
    }

    private void ForgetOldKeys()
    {
        const long hour = 3_600_000;
        if (_now - _keysForgottenAt < hour) return;
        _keysForgottenAt = _now;
        _store.Get(IdempotencyKey.Forget).Bind(1, _now - (long)_options.KeyLifetime.TotalMilliseconds).Run();
    }
}
