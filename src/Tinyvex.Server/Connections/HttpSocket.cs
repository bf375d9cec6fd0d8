using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Tinyvex.Connections;

/// <summary>
/// A connection while it speaks HTTP, as Kestrel sees it. Once the handshake is answered its socket can be taken out, and what is left for
/// Kestrel to end is an empty shell.
/// </summary>
internal sealed class HttpSocket : ConnectionContext, IDuplexPipe
{
    private readonly HttpStream _stream;
    private Socket? _socket;

    public HttpSocket(Socket socket, long number)
    {
        _socket = socket;
        ConnectionId = number.ToString(CultureInfo.InvariantCulture);
        _stream = new HttpStream(socket);
        // A connection that waits for its next request holds no buffer.
        Input = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));
        Transport = this;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        Features.Set(this);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    /// <summary>
    /// Takes the socket out, with what its client has sent behind the handshake. Null where something stands between it and HTTP, such as
    /// TLS, whose bytes are not the socket's.
    /// </summary>
    public (Socket Socket, ReadOnlyMemory<byte> Received)? Take()
    {
        if (!ReferenceEquals(Transport, this) || Interlocked.Exchange(ref _socket, null) is not { } socket) return null;
        if (!Input.TryRead(out var read)) return (socket, default);
        var received = System.Buffers.BuffersExtensions.ToArray(read.Buffer);
        Input.AdvanceTo(read.Buffer.End);
        return (socket, received);
    }

    public override void Abort(ConnectionAbortedException abortReason) => End();

    public override ValueTask DisposeAsync()
    {
        End();
        return base.DisposeAsync();
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _socket, null) is null) return;
        _stream.Dispose();
    }

    /// <summary>The socket as a stream that takes what is written even when nobody is there any more: Kestrel learns of that where it reads.</summary>
    private sealed class HttpStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                await base.WriteAsync(buffer, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                Dispose();
            }
        }
    }
}
