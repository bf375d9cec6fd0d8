namespace Tinyvex.Storage;

/// <summary>How far a copy has come.</summary>
internal readonly record struct BackupProgress(int Pages, int TotalPages, int PageSize)
{
    public long Bytes => (long)Pages * PageSize;
}
