using System.Diagnostics.CodeAnalysis;

namespace Tinyvex.Storage;

/// <summary>Read-only connections, each with its prepared statements. Opened at first need, kept, and lent one reader at a time.</summary>
internal sealed class ReaderPool(StoreFiles files) : IAsyncDisposable
{
    /// <summary>Reads are short and a second core is the writer's; more connections would only hold more page cache.</summary>
    public const int Size = 4;

    private readonly SemaphoreSlim _free = new(Size);
    private readonly Stack<StoreConnection> _idle = new();
    private int _open;
    private bool _disposed;

    /// <summary>Statements compiled so far by all readers: constant in steady state.</summary>
    public long Prepares { get; private set; }

    /// <summary>Read transactions so far.</summary>
    public long Reads { get; private set; }

    /// <summary>Runs <paramref name="read"/> in one read transaction, so that all it sees is of one moment.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<StoreConnection, T> read, CancellationToken cancellationToken)
    {
        // A read takes its time: never on the thread that sockets share, nor on the writer's.
        await SocketThreads.LeaveAsync();
        await _free.WaitAsync(cancellationToken);
        var turns = 1;
        StoreConnection? connection = null;
        try
        {
            while (!TryTake(out connection))
            {
                // What stands under the name now is not to be opened. Those that are open still read what was, so one of them is waited for.
                await _free.WaitAsync(cancellationToken);
                turns++;
            }

            var before = connection.Prepares;
            connection.Get("BEGIN").Run();
            try
            {
                return read(connection);
            }
            finally
            {
                if (connection.InTransaction) connection.Get("COMMIT").Run();
                lock (_idle)
                {
                    Prepares += connection.Prepares - before;
                    Reads++;
                }
            }
        }
        catch (Exception exception) when (exception is not TinyvexException)
        {
            // A read that failed may have left a statement half way, and with it a transaction: it is not lent again.
            if (connection is not null)
            {
                lock (_idle) _open--;
                connection.Dispose();
                connection = null;
            }

            throw;
        }
        finally
        {
            if (connection is not null) Return(connection);
            _free.Release(turns);
        }
    }

    /// <summary>Takes an idle connection, or opens one; false where that may not be and others are lent.</summary>
    private bool TryTake([NotNullWhen(true)] out StoreConnection? connection)
    {
        lock (_idle)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.TryPop(out connection)) return true;
            if (files.Problem() is { } problem) return _open > 0 ? false : throw problem;
            _open++;
        }

        try
        {
            connection = StoreConnection.OpenReader(files.Path);
            return true;
        }
        catch
        {
            lock (_idle) _open--;
            throw;
        }
    }

    private void Return(StoreConnection connection)
    {
        lock (_idle)
        {
            if (!_disposed)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes the connections, once those that are lent have come back.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_idle)
        {
            if (_disposed) return;
            _disposed = true;
        }

        for (var i = 0; i < Size; i++) await _free.WaitAsync();
        foreach (var connection in _idle) connection.Dispose();
    }
}
